package lab

import (
	"context"
	"fmt"
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
	NoLook   bool     `json:"nolook,omitempty"`  // nothing is shown of what is inside: the server ends, or has one core
	Cores    int      `json:"cores,omitempty"`   // that the server may use, if not all
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
			e.NoLook = e.Cores > 0 || slices.ContainsFunc(e.steps, func(s step) bool { return s.Do == "term" || s.Do == "kill" })
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
	for _, c := range s.clients {
		if c.waits() {
			return true
		}
	}
	return false
}

// of returns the events of a server.
func of(events []Event, server int) []Event {
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Server != server })
}

// order is an outcome: who is answered after whom.
func order(events []Event) string {
	names := map[int]string{}
	var list []string
	for _, e := range events {
		if e.Kind == Opened {
			names[e.Client] = e.Text
		} else if e.Kind == Answered && e.Bytes > 0 {
			list = append(list, names[e.Client])
		}
	}
	return strings.Join(list, ", ")
}

// finished is an outcome: who has the last of his replies after whom.
func finished(events []Event) string {
	last := map[int]int64{}
	for _, e := range events {
		if e.Kind == Answered && e.Bytes > 0 {
			last[e.Client] = e.At
		}
	}
	return order(slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		return e.Kind == Answered && e.At != last[e.Client]
	}))
}

// early is an outcome: how many replies had begun before the last byte of their request was sent.
func early(events []Event) string {
	n := 0
	for _, e := range events {
		if e.Kind == Answered && e.Bytes > 0 && e.Middle {
			n += e.Bytes
		}
	}
	return fmt.Sprint(n)
}

// count returns an outcome: how many clients have come to that.
func count(kind Kind) func([]Event) string {
	return func(events []Event) string {
		clients := map[int]bool{}
		for _, e := range events {
			if e.Client > 0 && e.Kind == kind && (kind != Answered || e.Bytes > 0) {
				clients[e.Client] = true
			}
		}
		return fmt.Sprint(len(clients))
	}
}

// longestEcho is an outcome: what the slowest echo has taken, in milliseconds.
func longestEcho(events []Event) string {
	sent, longest := map[int]int64{}, int64(-1)
	for _, e := range events {
		if e.Kind == Sent && e.Text == oneFrame {
			sent[e.Client] = e.At
		} else if at, ok := sent[e.Client]; ok && e.Kind == Answered && e.Bytes > 0 {
			longest = max(longest, e.At-at)
			delete(sent, e.Client)
		}
	}
	if len(sent) > 0 {
		return "it has no reply"
	}
	return fmt.Sprint((longest+999)/1000, " ms")
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
