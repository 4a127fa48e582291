package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Row is what a picture shows of one client, or of a goroutine that serves them all.
type Row struct {
	Name      string
	Client    int // its number, or Nobody
	Goroutine int64
	Spans     []Span
	Unseen    *Client // instead of spans: a client without a goroutine
}

// Nobody is what runs for no client in particular.
const Nobody = -1

// A turn is that a goroutine works for a client from some time on.
type turn struct {
	from   time.Duration
	client int
}

// A Cast says who the goroutines are.
type Cast struct {
	Rows    []Row
	Loop    int64  // the goroutine that gives all clients their turns, if there is one
	Missing string // which clients can't be told apart, and why
	turns   map[int64][]turn
}

// A Piece is a time for which a goroutine works for one client, or for Nobody.
type Piece struct {
	From, To time.Duration
	Client   int
}

// Client returns the number of the client for whom a goroutine works, or Nobody.
func (c *Cast) Client(goroutine int64, at time.Duration) int {
	return c.Pieces(goroutine, at, at)[0].Client
}

// Pieces says for whom a goroutine works between two moments.
func (c *Cast) Pieces(goroutine int64, from, to time.Duration) []Piece {
	pieces := []Piece{{from, to, Nobody}}
	for _, t := range c.turns[goroutine] {
		last := &pieces[len(pieces)-1]
		switch {
		case t.from <= from:
			last.Client = t.client
		case t.from < to:
			last.To = t.from
			pieces = append(pieces, Piece{t.from, to, t.client})
		}
	}
	return pieces
}

// main is the goroutine that accepts clients in each chapter.
const main = 1

// Cast finds out who is who. That is different from chapter to chapter.
func (t *Trace) Cast() *Cast {
	c := &Cast{turns: map[int64][]turn{}}
	switch t.Chapter {
	case 1, 2, 5, 6:
		t.castLoop(c)
	case 4:
		t.castWorkers(c)
	case 7:
		t.castCoroutines(c)
	default:
		t.castGoroutines(c)
		t.castPool(c)
	}
	return c
}

// castLoop: one goroutine serves all. The trace doesn't say whom.
func (t *Trace) castLoop(c *Cast) {
	t.addLoop(c)
	if len(t.Clients) > 0 && t.Clients[0].Connected > 0 {
		for i := range t.Clients {
			c.Rows = append(c.Rows, Row{Name: t.Clients[i].Name, Client: i, Unseen: &t.Clients[i]})
		}
	}
	c.Missing = "One goroutine serves all clients, so the trace can't say whose turn it is. Who waits does so in the kernel, where no trace of Go's can see it."
}

// castGoroutines: the accept loop creates a goroutine for each client.
func (t *Trace) castGoroutines(c *Cast) {
	for _, g := range t.Goroutines {
		if g.Parent == main && g.madeIn(".accept", ".(*Server).Serve") {
			t.addClient(c, g.ID, g.Spans)
		}
	}
	t.note(c)
}

// castCoroutines: the task that accepts creates a coroutine for each client.
func (t *Trace) castCoroutines(c *Cast) {
	t.addLoop(c)
	for _, g := range t.Goroutines {
		switch {
		case g.madeIn("server.accept"):
			t.addClient(c, g.ID, g.Spans)
		case g.seenIn(strings.HasSuffix, "server.accept"):
			c.Rows = append(c.Rows, Row{Name: "Accept", Client: Nobody, Goroutine: g.ID, Spans: g.Spans})
		}
	}
	t.note(c)
}

func (t *Trace) addLoop(c *Cast) {
	c.Loop = main
	c.Rows = append(c.Rows, Row{Name: "Loop", Client: Nobody, Goroutine: main, Spans: t.goroutine(main).Spans})
}

func (t *Trace) addClient(c *Cast, id int64, spans []Span) {
	client := c.clients()
	c.Rows = append(c.Rows, Row{Name: t.name(client), Client: client, Goroutine: id, Spans: spans})
	c.turns[id] = append(c.turns[id], turn{spans[0].From, client})
}

func (t *Trace) name(client int) string {
	if client < len(t.Clients) {
		return t.Clients[client].Name
	}
	return fmt.Sprint("client ", client+1)
}

// note says who is missing.
func (t *Trace) note(c *Cast) {
	if found := c.clients(); found < len(t.Clients) {
		c.Missing = fmt.Sprintf("%d of %d clients were served. The others have no goroutine.", found, len(t.Clients))
	}
}

// clients returns how many clients have been found.
func (c *Cast) clients() int {
	found := 0
	for _, row := range c.Rows {
		found = max(found, row.Client+1)
	}
	return found
}

func (t *Trace) goroutine(id int64) *Goroutine {
	for _, g := range t.Goroutines {
		if g.ID == id {
			return g
		}
	}
	return &Goroutine{ID: id}
}

// madeIn reports whether the goroutine was created by a function with one of these endings,
// directly or through others.
func (g *Goroutine) madeIn(endings ...string) bool {
	return slices.ContainsFunc(g.made, func(name string) bool {
		return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(name, ending) })
	})
}

// seenIn reports whether the goroutine has been in a function whose name begins like this, or ends.
func (g *Goroutine) seenIn(where func(name, part string) bool, part string) bool {
	for name := range g.seen {
		if where(name, part) {
			return true
		}
	}
	return false
}
