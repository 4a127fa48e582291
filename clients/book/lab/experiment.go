package lab

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/script"
)

// An Experiment plays what a chapter's README tells, after the reader has said what he
// expects.
type Experiment struct {
	ID       string   `json:"id"` // 4.1
	Chapter  int      `json:"chapter"`
	Title    string   `json:"title"`
	Question string   `json:"question"`
	Options  []string `json:"options,omitempty"` // to choose from; otherwise the answer is a number
	Watch    string   `json:"watch"`             // what to look at
	Notice   string   `json:"notice"`            // afterwards: a sentence of the chapter's README
	Predict  bool     `json:"predict,omitempty"` // it is what the chapter asks under Predict
	Draws    bool     `json:"draws,omitempty"`   // the guess can be drawn: the script's three clients
	NoLook   bool     `json:"nolook,omitempty"`  // nothing is shown of what is inside: the server ends, or is its own
	Own      bool     `json:"own,omitempty"`     // its server is started for it alone, with what follows
	Factor   float64  `json:"factor,omitempty"`  // by which a right guess of a time may be off, if not 2
	Cores    int      `json:"-"`                 // that the server may use, if not all
	flags    []string // of the server
	queued   bool     // the server has its long checks made beyond its machine
	steps    []step
	outcome  func([]Event) string
}

// A step is an action, or a pause, and what the page says of it.
type step struct {
	says string
	Request
	pause time.Duration // for the reader to see it
	limit time.Duration // waits until all have their answers, but no longer
}

// beat is the pause between the steps.
const beat = 500 * time.Millisecond

// Experiments are those of all chapters, in their order.
func Experiments(chapter int) []Experiment {
	var list []Experiment
	for _, e := range experiments {
		if e.Chapter == chapter {
			e.ID = fmt.Sprintf("%d.%d", chapter, len(list)+1)
			e.Own = e.Cores > 0 || len(e.flags) > 0 || e.queued
			e.NoLook = e.Own || slices.ContainsFunc(e.steps, func(s step) bool { return s.Do == "term" || s.Do == "kill" })
			list = append(list, e)
		}
	}
	return list
}

// find returns an experiment by its ID.
func find(id string) (Experiment, error) {
	var chapter, n int
	fmt.Sscanf(id, "%d.%d", &chapter, &n)
	if list := Experiments(chapter); n >= 1 && n <= len(list) {
		return list[n-1], nil
	}
	return Experiment{}, fmt.Errorf("there is no experiment %q", id)
}

// play plays an experiment and says how it went.
func play(_ context.Context, s *server, r Request) error {
	e, err := find(r.Text)
	if err != nil {
		return err
	}
	before, _ := s.history.since(0)
	begin := time.Now()
	for _, step := range e.steps {
		s.add(Event{Kind: Step, Text: step.says})
		if step.Do != "" {
			if err := s.act(step.Request); err != nil {
				return err
			}
		}
		s.wait(step.pause)
		s.awaitReplies(step.limit)
	}
	s.lookInside(e, begin)
	all, _ := s.history.since(len(before))
	s.add(Event{Kind: Done, Text: e.outcome(of(all, s.index))})
	return nil
}

// awaitReplies waits until nobody waits for a reply, but no longer than the limit.
func (s *server) awaitReplies(limit time.Duration) {
	for end := time.Now().Add(limit); time.Now().Before(end) && s.ctx.Err() == nil && s.waits(); {
		s.wait(sampling / 10)
	}
}

// waits reports whether a client waits for a reply.
func (s *server) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(slices.Collect(maps.Values(s.clients)), (*client).waits)
}

// of returns the events of a server.
func of(events []Event, server int) []Event {
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Server != server })
}

// orders are the orders in which the three clients of the script may be answered.
func orders() []string {
	a, b, c := script.Clients[0].Name, script.Clients[1].Name, script.Clients[2].Name
	var list []string
	for _, names := range [][]string{{a, b, c}, {a, c, b}, {b, a, c}, {b, c, a}, {c, a, b}, {c, b, a}} {
		list = append(list, strings.Join(names, ", "))
	}
	return list
}
