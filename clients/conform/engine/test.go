package engine

import (
	"fmt"
	"sync"
	"time"
)

// A Test is a run of a case. A case talks to the server through it.
type Test struct {
	*Server
	name    string // group/case
	mu      sync.Mutex
	clients []*Client
	first   *Failure // what has failed first
	when    string   // goes before its problem
	skipped string
}

func (t *Test) add(c *Client) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clients = append(t.clients, c)
}

// fails fails the case, unless it has failed already.
func (t *Test) fails(f *Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first == nil {
		t.first = f
		f.Problem = t.when + f.Problem
	}
}

// Meanwhile says what goes on when the next failure comes.
func (t *Test) Meanwhile(when string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.when = when
}

// Wrong fails the case for a reason that is not one client's.
func (t *Test) Wrong(format string, args ...any) {
	t.fails(&Failure{Problem: fmt.Sprintf(format, args...)})
}

// Skip ends a case that makes no sense with this server.
func (t *Test) Skip(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.skipped = fmt.Sprintf(format, args...)
}

// Failed reports whether the case is over: it has failed, because of one client or another, or makes no
// sense.
func (t *Test) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first != nil || t.skipped != ""
}

// Failure returns the first failure, if there is one.
func (t *Test) Failure() *Failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first
}

// Pause is long enough for a segment to arrive by itself.
func (t *Test) Pause() { time.Sleep(time.Millisecond + t.RoundTrip/2) }

// Together calls a function for each client at once, and waits for all of them.
func Together(clients int, do func(i int)) {
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// maxTalks is how many conversations of a case are shown.
const maxTalks = 4

// talk shows the conversations of the first clients.
func (t *Test) talk() []string {
	var lines []string
	for i, c := range t.clients[:min(len(t.clients), maxTalks)] {
		lines = append(lines, fmt.Sprintf("connection %d", i+1))
		lines = append(lines, c.record.text()...)
	}
	if extra := len(t.clients) - maxTalks; extra > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", extra))
	}
	return lines
}

// HangUp closes what the case has left open.
func (t *Test) HangUp() {
	for _, c := range t.clients {
		if c.conn != nil && !c.gone {
			c.leaves("hung up")
			c.conn.Close()
		}
	}
}
