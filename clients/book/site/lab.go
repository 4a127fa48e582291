package site

import (
	"encoding/json"
	"fmt"
	"io/fs"

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
	Actions  []labAction  `json:"actions,omitempty"`
	Chapters []labChapter `json:"chapters"`
}

type labAction struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	Key   string `json:"key"`
	Title string `json:"title"`
}

type labChapter struct {
	Number      int              `json:"number"`
	Title       string           `json:"title"`
	Experiments []lab.Experiment `json:"experiments,omitempty"`
	Recording   string           `json:"recording,omitempty"` // the address of its script
}

// labPage makes the page that is a lab for all chapters.
func (b *Book) labPage() (*Page, error) {
	if b.options.Lab == NoLab {
		return nil, fs.ErrNotExist
	}
	data, err := b.labOffer("lab/", 0)
	if err != nil {
		return nil, err
	}
	return b.render("lab/", "lab", "The lab", data)
}

// labOffer returns what a page's lab can offer, as JSON. A chapter's page has its experiments.
func (b *Book) labOffer(page string, chapter int) (string, error) {
	if b.options.Lab == NoLab {
		return "", nil
	}
	data := labOffer{Live: b.options.Lab == LiveLab, Chapter: chapter}
	if data.Live {
		for _, a := range lab.Actions {
			data.Actions = append(data.Actions, labAction{a.Group, a.Name, a.Key, a.Title})
		}
	}
	for _, c := range b.chapters {
		of := labChapter{Number: c.Number, Title: upper(c.Title)}
		if chapter == 0 || chapter == c.Number {
			of.Experiments = lab.Experiments(c.Number)
			if !data.Live {
				of.Recording = b.href(page, Recording(c.Number))
			}
		}
		data.Chapters = append(data.Chapters, of)
	}
	text, err := json.Marshal(data)
	return string(text), err
}

// Recording returns the path of a chapter's recording, beside the pages.
func Recording(chapter int) string { return fmt.Sprintf("lab/%d.js", chapter) }
