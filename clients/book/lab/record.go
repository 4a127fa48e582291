package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/recording"
)

// A Recording is what happened when a chapter's experiments were played, for a page that has
// no server to ask.
type Recording struct {
	Made    string `json:"made"`    // the day
	Machine string `json:"machine"` // linux/amd64, 2 cores
	Runs    []Run  `json:"runs"`
}

// A Run is an experiment that has been played.
type Run struct {
	ID      string   `json:"id"`
	Events  []Event  `json:"events"`
	Samples []Sample `json:"samples"`
}

// rarely is the time from one recorded sample to the next. A recording has fewer than a page
// gets from the lab itself, since each reader has to load it.
const rarely = time.Second / 2

// Record plays a chapter's experiments, each to a server that has just started.
func Record(ctx context.Context, chapter chapters.Chapter) (*Recording, error) {
	r := &Recording{Made: time.Now().Format(time.DateOnly),
		Machine: fmt.Sprintf("%s/%s with %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	for _, e := range Experiments(chapter.Number) {
		run, err := record(ctx, chapter, e)
		if err != nil {
			return nil, fmt.Errorf("experiment %s: %w", e.ID, err)
		}
		r.Runs = append(r.Runs, *run)
	}
	return r, nil
}

func record(ctx context.Context, chapter chapters.Chapter, e Experiment) (*Run, error) {
	s := newSession(1, []chapters.Chapter{chapter}, recording.Unavailable() == "" && !e.Ends)
	defer s.end(errEnded)
	s.start()
	run := &Run{ID: e.ID}
	s.do(Request{Do: "play", Text: e.ID})
	for len(run.Events) == 0 || run.Events[len(run.Events)-1].Kind != Done {
		events, more := s.history.since(len(run.Events))
		for _, event := range events {
			if event.Kind == Problem || event.Kind == Inside && event.Text != "" {
				return nil, fmt.Errorf("%s", event.Text)
			}
		}
		run.Events = append(run.Events, events...)
		run.sample(s.lastSample())
		if len(events) > 0 {
			continue
		}
		select {
		case <-more:
		case <-time.After(sampling):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	run.rebase()
	return run, nil
}

// sample keeps a sample that is late enough after the one before it.
func (r *Run) sample(s Sample) {
	if len(s.Servers) == 0 || len(r.Samples) > 0 && s.At-r.Samples[len(r.Samples)-1].At < rarely.Microseconds() {
		return
	}
	r.Samples = append(r.Samples, s)
}

// rebase lets time begin when the server listens, and rounds it to a tenth of a millisecond.
func (r *Run) rebase() {
	begin := r.Events[0].At
	for i := range r.Events {
		r.Events[i].At = (r.Events[i].At - begin) / 100 * 100
		if sheet := r.Events[i].Sheet; sheet != nil {
			sheet.From, sheet.To = sheet.From-begin, sheet.To-begin
		}
	}
	for i := range r.Samples {
		r.Samples[i].At = max(0, r.Samples[i].At-begin) / 100 * 100
	}
}

// Script returns the recording as a script that a page can load, also from a disk.
func (r *Recording) Script(chapter int) ([]byte, error) {
	data, err := json.Marshal(r)
	return fmt.Appendf(nil, "book.recordings[%d] = %s;\n", chapter, data), err
}
