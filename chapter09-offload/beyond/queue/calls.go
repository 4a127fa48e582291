package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// calls are the checks that are asked for and not answered. They know who is at each. One that
// nobody is at may be made here, by the pool, if that has room: so the pool is idle
// only while nobody waits.
type calls struct {
	mu       sync.Mutex
	open     map[string]*call // by address
	count    uint64
	free     int  // how many more checks the pool has room for
	stopping bool // all of them may be made here, whoever else is at them
}

// A call is one check.
type call struct {
	n       uint64
	address string
	number  uint64     // in the order in which they were asked for
	turn    chan error // why it is the pool's turn, or errAside
	answer  chan bool
	local   context.Context // ends with the call, or when somebody else has answered
	end     context.CancelFunc

	heard    time.Time            // when something was last heard of it
	patience time.Duration        // how long after that it belongs to the queue alone
	why      error                // why it may be made here then
	workers  map[string]time.Time // who has begun it, and was heard of when
	here     bool                 // the pool makes it
	answered bool                 // by a worker
	sequence uint64               // of its message in the stream; 0 if there is none
}

var (
	errNobody = fmt.Errorf("nobody has begun it for %v", soon)
	errGone   = errors.New("its worker has fallen silent")
	errStop   = errors.New("the server stops")
	errAside  = errors.New("it has cost two workers their lives, and is put aside")
)

// leave leaves a call to the queue for a while.
func (c *call) leave(patience time.Duration, why error) {
	c.heard, c.patience, c.why = time.Now(), patience, why
}

// add adds a call.
func (cs *calls) add(ctx context.Context, prefix string, n uint64, patience time.Duration) *call {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.count++
	c := &call{
		n: n, number: cs.count, address: fmt.Sprintf("%s%d", prefix, cs.count),
		turn: make(chan error, 1), answer: make(chan bool, 1), workers: map[string]time.Time{},
	}
	c.local, c.end = context.WithCancel(ctx)
	c.leave(patience, errNobody)
	cs.open[c.address] = c
	return c
}

// remove ends a call.
func (cs *calls) remove(c *call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	delete(cs.open, c.address)
	c.end()
	if c.here {
		cs.free++
	}
}

// assign lets the pool make the checks that may be made here, the oldest first.
func (cs *calls) assign() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for cs.free > 0 {
		var next *call
		for _, c := range cs.open {
			if !c.here && (cs.stopping || time.Since(c.heard) >= c.patience) && (next == nil || c.number < next.number) {
				next = c
			}
		}
		if next == nil {
			return
		}
		cs.take(next)
	}
}

// take takes a call out of the queue's hands.
func (cs *calls) take(c *call) {
	cs.free--
	c.here = true
	switch {
	case c.dead("") >= 2:
		c.turn <- errAside
	case cs.stopping:
		c.turn <- errStop
	default:
		c.turn <- c.why
	}
}

// dead counts the workers, other than that one, that have begun the check and fallen silent. The
// broker may give the check to the next a little earlier than a lease after the last word.
func (c *call) dead(other string) (n int) {
	for name, heard := range c.workers {
		if name != other && time.Since(heard) >= lease*3/4 {
			n++
		}
	}
	return n
}

// hear hears what a worker says, and reports whether its answer is wanted. What it says may be
// nothing: then it is at the check, and asks just that.
func (cs *calls) hear(address, worker, said string) bool {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c := cs.open[address]
	switch {
	case c == nil || c.answered:
		return false
	case said == "" && !c.here && c.dead(worker) >= 2:
		cs.take(c) // and does not cost a third
	case said == "":
		c.workers[worker] = time.Now()
		c.leave(lease, errGone)
	case said == later:
		delete(c.workers, worker)
		c.leave(soon, errNobody)
	case said == answer(c.n, true), said == answer(c.n, false):
		c.answer <- said == answer(c.n, true)
		c.answered = true
		c.end()
		return false
	}
	return !c.here || cs.stopping
}

// later is what a worker says that gives its check back.
const later = "later"

// answer is what a worker says that has made its check: the number too, so that it can't be
// taken for another's.
func answer(n uint64, isPrime bool) string { return fmt.Sprintf("%d %t", n, isPrime) }

// stored notes which message is the call's, and reports whether the call still needs one.
func (cs *calls) stored(c *call, sequence uint64) bool {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c.sequence = sequence
	return cs.open[c.address] == c && !c.here
}

// refused lets a call be made here that does not get into the queue.
func (cs *calls) refused(c *call, err error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c.leave(0, err)
}

// lost gives all calls a little time to get back into the queue.
func (cs *calls) lost(err error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for _, c := range cs.open {
		clear(c.workers) // if they are silent now, we know why
		c.leave(soon, err)
	}
}

// waiting returns the calls that belong into the queue.
func (cs *calls) waiting() (list []*call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for _, c := range cs.open {
		if !c.here && !c.answered {
			list = append(list, c)
		}
	}
	return list
}

// takeBack returns the message of a call that is in the queue no longer, and whether a worker
// has to be told.
func (cs *calls) takeBack(c *call) (sequence uint64, begun bool) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	sequence, c.sequence = c.sequence, 0
	return sequence, len(c.workers) > 0
}

// workers returns who has begun a check.
func (cs *calls) workers(c *call) []string {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return slices.Sorted(maps.Keys(c.workers))
}

// stop lets the pool make all checks, beside whoever else is at them. The first to answer wins.
func (cs *calls) stop() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.stopping = true
}
