package queue

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// newCalls returns calls beside a pool with that much room.
func newCalls(room int) *calls { return &calls{open: map[string]*call{}, free: room} }

// turn returns why the pool is to make a call, or nil if it isn't its turn.
func (cs *calls) turn(c *call) error {
	cs.assign()
	select {
	case why := <-c.turn:
		return why
	default:
		return nil
	}
}

// TestNobodyBegins proves that a check is made here when nobody else has begun it for a while,
// and not before.
func TestNobodyBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := newCalls(1)
		c := cs.add(t.Context(), "a.", large, soon)
		time.Sleep(soon - 1)
		assert.NoError(t, cs.turn(c))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, errNobody, cs.turn(c))
		assert.False(t, cs.hear(c.address, "late", ""), "two make the same check")
		assert.NoError(t, cs.turn(c), "it is the pool's turn twice")
	})
}

// TestBegun proves that a check belongs to its worker as long as that is heard of, and for a
// lease after that.
func TestBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := newCalls(1)
		c := cs.add(t.Context(), "a.", large, soon)
		for range 100 {
			assert.True(t, cs.hear(c.address, "one", ""))
			time.Sleep(lease - 1)
			assert.NoError(t, cs.turn(c))
		}
		time.Sleep(time.Nanosecond)
		assert.Equal(t, errGone, cs.turn(c))
	})
}

// TestGivenBack proves that a check which is given back is left to other workers for a while,
// and that whoever gives it back has not died of it.
func TestGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := newCalls(1)
		c := cs.add(t.Context(), "a.", large, soon)
		for _, worker := range []string{"one", "two", "three"} {
			assert.True(t, cs.hear(c.address, worker, ""))
			cs.hear(c.address, worker, later)
			time.Sleep(soon - 1)
			assert.NoError(t, cs.turn(c))
		}
		time.Sleep(lease)
		assert.Equal(t, errNobody, cs.turn(c))
	})
}

// TestRoom proves that the pool begins the oldest first, and no more than it has room for.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := newCalls(1)
		var all []*call
		for range 10 {
			all = append(all, cs.add(t.Context(), "a.", large, soon))
		}
		time.Sleep(soon)
		for i, c := range all {
			if i > 0 {
				assert.NoError(t, cs.turn(c), "there is no room")
				cs.remove(all[i-1])
			}
			assert.Equal(t, errNobody, cs.turn(c))
		}
	})
}

// TestTwoDead proves that a check which has cost two workers their lives costs no third, nor
// the server.
func TestTwoDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, third := range []bool{true, false} {
			cs := newCalls(0) // or the pool would have it after the first
			c := cs.add(t.Context(), "a.", large, soon)
			assert.True(t, cs.hear(c.address, "one", ""))
			time.Sleep(lease - time.Millisecond) // their first words come later than the check did
			assert.True(t, cs.hear(c.address, "two", ""))
			time.Sleep(lease - time.Millisecond)
			if third {
				assert.False(t, cs.hear(c.address, "three", ""))
			} else {
				time.Sleep(time.Millisecond)
				cs.free++
			}
			assert.Equal(t, errAside, cs.turn(c))
			assert.Contains(t, cs.workers(c), "one")
			assert.Contains(t, cs.workers(c), "two")
		}
	})
}

// TestNotDead proves that a worker which was silent for a while has not died, if it is heard of
// again, or if nobody could be heard.
func TestNotDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, explain := range map[string]func(*calls, *call){
			"again":  func(cs *calls, c *call) { cs.hear(c.address, "one", "") },
			"broker": func(cs *calls, c *call) { cs.lost(errors.New("broker")) },
		} {
			cs := newCalls(0)
			c := cs.add(t.Context(), "a.", large, soon)
			cs.hear(c.address, "one", "")
			time.Sleep(lease)
			cs.hear(c.address, "two", "")
			time.Sleep(lease)
			explain(cs, c)
			assert.True(t, cs.hear(c.address, "three", ""), name)
		}
	})
}

// TestStopRace proves that at the stop the pool makes a check that a worker is at, and that the
// worker may go on.
func TestStopRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := newCalls(1)
		c := cs.add(t.Context(), "a.", large, soon)
		assert.True(t, cs.hear(c.address, "one", ""))
		assert.NoError(t, cs.turn(c))
		cs.stop()
		assert.Equal(t, errStop, cs.turn(c))
		assert.True(t, cs.hear(c.address, "one", ""))
		cs.hear(c.address, "one", answer(c.n, true))
		assert.True(t, <-c.answer)
		assert.Error(t, c.local.Err(), "the pool goes on")
	})
}

// TestReasons proves that a reason is logged once a minute, and that nobody can fill the log.
func TestReasons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r reasons
		a, b := errors.New("a"), errors.New("b")
		assert.True(t, r.isNew("x", a))
		assert.True(t, r.isNew("x", b))
		assert.False(t, r.isNew("x", a))
		assert.True(t, r.isNew("y", a))
		assert.True(t, r.isNew("x", errors.New("expired 7 s ago")))
		assert.False(t, r.isNew("x", errors.New("expired 11 s ago")), "the same reason is logged twice: only a number differs")
		time.Sleep(every - 1)
		assert.False(t, r.isNew("x", a))
		time.Sleep(time.Nanosecond)
		assert.True(t, r.isNew("x", a))
		count := 0
		for n := range 1000 {
			if r.isNew("z", errors.New(string(rune('A'+n)))) {
				count++
			}
		}
		assert.Less(t, count, few)
	})
}
