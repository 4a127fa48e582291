package trace

import (
	"fmt"
	"strings"
	"time"
)

// A channel without a buffer hands over from one goroutine to another, and one of the two has
// waited for the other. So each hand-over is a wake-up, and says who has it now.

// castWorkers: chapter 4's workers get clients from the accept loop, in the order in which these
// came. A worker serves one after another.
func (t *Trace) castWorkers(c *Cast) {
	const workerFunction = "main.(*Server).Serve.func"
	var given []wake // to who
	for _, w := range t.wakes {
		switch {
		case w.who == main && w.reason == "chan send":
			given = append(given, wake{w.at, main, w.by, w.reason})
		case w.by == main && t.goroutine(w.who).seenIn(strings.HasPrefix, workerFunction):
			given = append(given, w)
		}
	}
	for i, w := range given {
		end := t.Length() + time.Hour
		for _, next := range given[i+1:] {
			if next.who == w.who {
				end = next.at
				break
			}
		}
		t.addClient(c, w.who, t.goroutine(w.who).service(w.at, end))
	}
	t.note(c)
}

// castPool: chapter 9's workers get numbers from the clients' goroutines.
func (t *Trace) castPool(c *Cast) {
	for _, w := range t.wakes {
		worker, client := w.who, c.Client(w.by, w.at)
		if w.reason == "select" {
			worker, client = w.by, c.Client(w.who, w.at)
		}
		if g := t.goroutine(worker); client != Nobody && g.seenIn(strings.HasPrefix, poolFunction) {
			c.turns[worker] = append(c.turns[worker], turn{w.at, client})
		}
	}
	workers := 0
	for _, g := range t.Goroutines {
		if g.seenIn(strings.HasPrefix, poolFunction) {
			workers++
			c.Rows = append(c.Rows, Row{Name: fmt.Sprint("Worker ", workers), Client: Nobody, Goroutine: g.ID, Spans: g.Spans})
		}
	}
}

const poolFunction = "example.com/concurrent-network-server/chapter09-offload/worker.NewPool.func"

// service returns what a worker does from a hand-over until it waits for the next one, or has
// it without having to wait.
func (g *Goroutine) service(from, end time.Duration) []Span {
	var spans []Span
	for _, s := range cut(g.Spans, from, end) {
		if s.State == Waits && s.Reason == "chan receive" {
			break
		}
		spans = append(spans, s)
	}
	return spans
}
