// Package script plays the script of the book: three clients at once. It is the twin of
// simple_test_client.py.
package script

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A Client is one of the three: its name and what it asks.
type Client struct{ Name, Payload string }

// Clients ask in this order. 2^61-1 keeps a server busy.
var Clients = []Client{
	{"LongPrime", "P2305843009213693951"},
	{"Echo", "echo"},
	{"SmallPrime", "P7"},
}

// A Stage is how far a client has come.
type Stage int

// The stages, in their order.
const (
	Connected Stage = iota
	Greeted
	Asked
	Answered
)

// An Event says that a client has reached a stage.
type Event struct {
	Client int // the index in Clients
	Stage  Stage
	At     time.Duration // since the script began
	Reply  string        // when Answered, in plain text
}

const (
	timeout = time.Minute // without a word from the server

	// holdTime is how long another reply is held back for LongPrime's: of two replies
	// that are there, LongPrime's is the first. All are read at once, in goroutines,
	// so its reader may be late.
	holdTime = 10 * time.Millisecond
)

// Run plays the script and tells observe what happens. LongPrime asks first. Then,
// after a head start, Echo and SmallPrime connect, and each asks when it is greeted and
// the one before it has been answered.
func Run(ctx context.Context, addr string, headStart time.Duration, observe func(Event)) error {
	r := &run{
		addr: addr, headStart: headStart, observe: observe, begin: time.Now(),
		notes: make(chan note, 4*len(Clients)),
	}
	defer r.close()
	defer r.release()
	if err := r.connect(ctx); err != nil {
		return err
	}
	for r.answered < len(Clients) {
		n, err := r.next(ctx)
		if err == errSilent && len(r.held) > 0 {
			r.release()
			continue
		}
		if err == nil {
			err = r.take(ctx, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// run is what one call of Run works with.
type run struct {
	addr      string
	headStart time.Duration
	observe   func(Event)
	begin     time.Time
	conns     []*conn   // by client; not all are connected yet
	notes     chan note // from the readers of all connections
	held      []note    // replies that LongPrime's may overtake
	turn      int       // the client that asks next, or has asked and is not answered
	answered  int
}

var errSilent = fmt.Errorf("no answer for %v", timeout)

// next waits for what comes next from the server, but not for long if a reply is held.
func (r *run) next(ctx context.Context) (note, error) {
	limit := timeout
	if len(r.held) > 0 {
		limit = holdTime
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case n := <-r.notes:
		return n, n.err
	case <-ctx.Done():
		return note{}, ctx.Err()
	case <-timer.C:
		return note{}, errSilent
	}
}

// take acts on a note: a greeted client may ask, an answered one makes way for the next.
func (r *run) take(ctx context.Context, n note) error {
	c := r.conns[n.client]
	switch {
	case n.stage == Greeted:
		c.greeted = true
		r.observe(Event{n.client, Greeted, n.at.Sub(r.begin), ""})
	case !c.asked:
		return fmt.Errorf("%s: a reply before the request", c.Name)
	default:
		r.finish(n)
	}
	if r.turn == len(Clients) {
		return nil
	}
	return r.ask(ctx, r.conns[r.turn])
}

// finish tells of a reply, or holds it back.
func (r *run) finish(n note) {
	r.conns[n.client].answered = true
	if n.client == r.turn {
		r.turn++
	}
	r.held = append(r.held, n)
	if n.client == 0 { // LongPrime overtakes
		r.held = slices.Insert(r.held[:len(r.held)-1], 0, n)
	}
	if r.conns[0].answered {
		r.release()
	}
}

// release tells of the replies that are held.
func (r *run) release() {
	for _, n := range r.held {
		r.answered++
		r.observe(Event{n.client, Answered, n.at.Sub(r.begin), n.reply})
	}
	r.held = nil
}

// ask sends the client's request, if it has been greeted. Behind LongPrime's request,
// the others connect.
func (r *run) ask(ctx context.Context, c *conn) error {
	if !c.greeted || c.asked {
		return nil
	}
	c.asked = true
	r.observe(Event{c.index, Asked, time.Since(r.begin), ""})
	if err := c.ask(); err != nil {
		return err
	}
	if c.index > 0 {
		return nil
	}
	time.Sleep(r.headStart)
	r.turn++
	for range Clients[1:] {
		if err := r.connect(ctx); err != nil {
			return err
		}
	}
	return nil
}

// connect connects the next client.
func (r *run) connect(ctx context.Context) error {
	c, err := dial(ctx, r.addr, len(r.conns))
	if err != nil {
		return err
	}
	r.conns = append(r.conns, c)
	r.observe(Event{c.index, Connected, time.Since(r.begin), ""})
	go c.read(r.notes)
	return nil
}

func (r *run) close() {
	for _, c := range r.conns {
		c.Close()
	}
}
