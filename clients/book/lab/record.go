package lab

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/recording"
)

// A Recording is what happened when an experiment was played, for a page that has no server to ask,
// or none yet.
type Recording struct {
	Title   string   `json:"title"`   // of the experiment
	Made    string   `json:"made"`    // the day
	Machine string   `json:"machine"` // linux/amd64 with 2 cores
	Events  []Event  `json:"events"`
	Samples []Sample `json:"samples"`
}

// rarely is the time from one recorded sample to the next. A recording has fewer than a page
// gets from the lab itself, since each reader has to load it.
const rarely = time.Second

// Record plays an experiment to a server that has just started.
func Record(ctx context.Context, chapter chapters.Chapter, e Experiment) (*Recording, error) {
	run := &Recording{Title: e.Title, Made: time.Now().Format(time.DateOnly),
		Machine: fmt.Sprintf("%s/%s with %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	s := newSession(1, []chapters.Chapter{chapter}, recording.Unavailable() == "" && !e.NoLook)
	defer s.end(errEnded)
	s.servers[0].suit(e)
	s.start()
	s.do(Request{Do: "play", Text: e.ID})
	for len(run.Events) == 0 || run.Events[len(run.Events)-1].Kind != Done {
		events, more := s.history.since(len(run.Events))
		for _, event := range events {
			if event.Kind == Problem || event.Kind == Inside && event.Text != "" {
				return nil, fmt.Errorf("experiment %s: %s", e.ID, event.Text)
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
func (r *Recording) sample(s Sample) {
	if len(s.Servers) == 0 || len(r.Samples) > 0 && s.At-r.Samples[len(r.Samples)-1].At < rarely.Microseconds() {
		return
	}
	r.Samples = append(r.Samples, s)
}

// rebase lets time begin when the server listens, and rounds it to a tenth of a millisecond.
func (r *Recording) rebase() {
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
