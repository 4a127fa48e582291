package lab

import (
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/sched/drawing"
)

// An Event is something that a client of the lab has done or seen, or a server. All that the
// page draws in lanes comes from events, live as well as recorded.
type Event struct {
	At     int64  `json:"t"`           // microseconds since the session began
	Server int    `json:"s,omitempty"` // the server, from 0
	Client int    `json:"c,omitempty"` // from 1; 0 is the server itself
	Kind   Kind   `json:"k"`
	Bytes  int    `json:"n,omitempty"` // how many were sent or received
	Middle bool   `json:"m,omitempty"` // what the client has sent so far ends in the middle of a request
	State  string `json:"p,omitempty"` // where a parser is after what the client has sent
	Text   string `json:"b,omitempty"` // the first of them, a name, a line of the log, a reason

	Sheet *drawing.Sheet `json:"sheet,omitempty"` // of what was inside the server
}

// A Kind is what an event tells.
type Kind string

// The first ones are a client's, from its first moment to its last; the others a server's.
const (
	Opened   Kind = "opened"   // Text is its name
	Greeted  Kind = "greeted"  //
	Sent     Kind = "sent"     // and now it waits
	Part     Kind = "part"     // of a reply
	Answered Kind = "answered" // nothing more is owed to it
	Blocked  Kind = "blocked"  // the server takes no more of what it sends
	Half     Kind = "half"     // it has closed its sending server
	Left     Kind = "left"     // it has hung up
	Closed   Kind = "closed"   // the server has hung up
	Broken   Kind = "broken"   // a reset, or no connection at all

	Started Kind = "started" // Text is the address
	Logged  Kind = "logged"  // a line of its log
	Ended   Kind = "ended"   //
	Problem Kind = "problem" // what could not be done
	Step    Kind = "step"    // of an experiment: what is done next
	Inside  Kind = "inside"  // of an experiment: what the server's goroutines did; Text is why nobody knows
	Done    Kind = "done"    // an experiment: Text is its outcome
)

// maxEvents is more than a reader can look at. At that many, a session ends.
const maxEvents = 20_000

// A history is all that has happened in a session. Whoever reads it keeps his own place, so
// that a slow reader misses nothing and holds up nobody.
type history struct {
	begin time.Time

	mu      sync.Mutex
	events  []Event
	changed chan struct{} // closed and replaced with each event
}

func newHistory() *history {
	return &history{begin: time.Now(), changed: make(chan struct{})}
}

// add takes note of an event, now.
func (h *history) add(e Event) { h.addAt(time.Now(), e) }

func (h *history) addAt(at time.Time, e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) == maxEvents {
		return
	}
	e.At = at.Sub(h.begin).Microseconds()
	h.events = append(h.events, e)
	close(h.changed)
	h.changed = make(chan struct{})
}

// since returns the events from the i-th on, and a channel that is closed when there are more.
func (h *history) since(i int) ([]Event, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.events[i:len(h.events):len(h.events)], h.changed
}
