package site

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/book/lab"
)

// A Lab is how the pages show servers at work.
type Lab int

// Without a lab, with one that the reader's browser can speak to, or with recordings.
const (
	NoLab Lab = iota
	LiveLab
	RecordedLab
)

// labOffer is what the script knows of the lab: what it can offer.
type labOffer struct {
	Live     bool         `json:"live"`
	Chapter  int          `json:"chapter"` // of this page, or 0
	Actions  []lab.Action `json:"actions,omitempty"`
	Chapters []labChapter `json:"chapters"`
}

type labChapter struct {
	Number      int             `json:"number"`
	Title       string          `json:"title"`
	Experiments []labExperiment `json:"experiments,omitempty"`
}

type labExperiment struct {
	lab.Experiment
	Recording string `json:"recording,omitempty"` // the address of its script, if there is one
	Inside    string `json:"inside,omitempty"`    // of what was inside the server, which is much
}

// labPage makes the page that is a lab for all chapters.
func (b *Book) labPage() (*Page, error) {
	if b.options.Lab == NoLab {
		return nil, fs.ErrNotExist
	}
	offer, err := b.labOffer("lab/", 0)
	if err != nil {
		return nil, err
	}
	data := labView{Offer: offer}
	if all := b.labExperiments("lab/", b.chapters[0].Number); len(all) > 0 {
		data.First = all[0].Recording
	}
	return b.render("lab/", "lab", "The lab", data)
}

// A labView is the lab's own page. The first recording is there before anything is shown.
type labView struct{ Offer, First string }

// labOffer returns what a page's lab can offer, as JSON. A chapter's page has its experiments.
func (b *Book) labOffer(page string, chapter int) (string, error) {
	if b.options.Lab == NoLab {
		return "", nil
	}
	data := labOffer{Live: b.options.Lab == LiveLab, Chapter: chapter}
	if data.Live {
		data.Actions = lab.Actions
	}
	for _, c := range b.chapters {
		of := labChapter{Number: c.Number, Title: upper(c.Title)}
		if chapter == 0 || chapter == c.Number {
			of.Experiments = b.labExperiments(page, c.Number)
		}
		data.Chapters = append(data.Chapters, of)
	}
	text, err := json.Marshal(data)
	return string(text), err
}

func (b *Book) labExperiments(page string, chapter int) []labExperiment {
	var list []labExperiment
	for _, e := range lab.Experiments(chapter) {
		for _, text := range []*string{&e.Title, &e.Question, &e.Watch, &e.Notice} {
			*text = strings.ReplaceAll(*text, "'", "’")
		}
		of := labExperiment{Experiment: e}
		if _, err := fs.Stat(b.fsys, Recording(e.ID)); err == nil {
			of.Recording = b.href(page, recordingPage(e.ID))
			if !e.NoLook {
				of.Inside = b.href(page, recordingPage(e.ID+inside))
			}
		}
		list = append(list, of)
	}
	return list
}

// card returns what a chapter's page has for what it asks about under Predict: all that the script has
// to know of the experiments, as JSON.
func (b *Book) card(c *Chapter, page string) (string, error) {
	asked := slices.DeleteFunc(b.labExperiments(page, c.Number), func(e labExperiment) bool { return !e.Predict })
	if b.options.Lab == NoLab || len(asked) == 0 {
		return "", nil
	}
	text, err := json.Marshal(labOffer{Live: b.options.Lab == LiveLab, Chapter: c.Number,
		Chapters: []labChapter{{Number: c.Number, Title: upper(c.Title), Experiments: asked}}})
	return string(text), err
}

// Recording returns the file of what happened when an experiment was played.
func Recording(id string) string { return "clients/book/recordings/" + id + ".json" }

// recordingPage returns the path of a recording's script, beside the pages.
func recordingPage(id string) string { return "recordings/" + id + ".js" }

// Recordings returns the paths of all recordings' scripts.
func (b *Book) Recordings() []string {
	var list []string
	for _, c := range b.chapters {
		for _, e := range b.labExperiments("", c.Number) {
			if e.Recording != "" && b.options.Lab != NoLab {
				list = append(list, e.Recording)
				if e.Inside != "" {
					list = append(list, e.Inside)
				}
			}
		}
	}
	return list
}

// inside is what the name of a recording's second script has.
const inside = "-inside"

// recording returns a recording as a script, which a page can load from a disk, too: what happened, or
// what was inside the server.
func (b *Book) recording(name string) (*Page, error) {
	id := strings.TrimSuffix(path.Base(name), ".js")
	if name != recordingPage(id) {
		return nil, fs.ErrNotExist
	}
	experiment, looks := strings.CutSuffix(id, inside)
	text, err := fs.ReadFile(b.fsys, Recording(experiment))
	if err != nil {
		return nil, err
	}
	var r struct {
		Title   string            `json:"title"`
		Made    string            `json:"made"`
		Machine string            `json:"machine"`
		Events  []json.RawMessage `json:"events"`
		Samples []json.RawMessage `json:"samples"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s: make it again with go run ./clients/book -record %s: %w", Recording(experiment), experiment, err)
	}
	r.Events = slices.DeleteFunc(r.Events, func(event json.RawMessage) bool {
		var e struct {
			Kind lab.Kind `json:"k"`
		}
		return json.Unmarshal(event, &e) != nil || (e.Kind == lab.Inside) != looks
	})
	if looks {
		r.Samples = nil
	}
	if text, err = json.Marshal(r); err != nil {
		return nil, err
	}
	return &Page{"text/javascript; charset=utf-8", fmt.Appendf(nil, "book.recordings[%q] = %s;\n", id, text)}, nil
}
