package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"example.com/concurrent-network-server/chapter09-offload/worker"
)

// A long check takes seconds, a medium one some twenty milliseconds.
const (
	long   = 2305843009213693951
	medium = 200000000000027
)

// mostOvertaken is how many that came later may begin before a check that waits.
const mostOvertaken = 10

// asked is a queue of checks before the workers of a pool. It lives in a bubble.
type asked struct {
	t       *testing.T
	check   func(context.Context, uint64) (bool, error)
	calls   sync.WaitGroup
	release chan struct{} // receives once for each check that may end
	mu      sync.Mutex
	came    []string // the names of the checks in the order in which they came
	begun   []string // and in which they began
}

type nameKey struct{}

// ordered runs a test with the workers of a pool, as main makes them work.
func ordered(t *testing.T, workers int, test func(q *asked)) {
	synctest.Test(t, func(t *testing.T) {
		pool := worker.NewPool(worker.Options{Workers: workers})
		q := &asked{t: t, release: make(chan struct{})}
		q.check = offload(pool, func(ctx context.Context, _ uint64) (bool, error) {
			q.mu.Lock()
			q.begun = append(q.begun, ctx.Value(nameKey{}).(string))
			q.mu.Unlock()
			<-q.release
			return true, nil
		})
		test(q)
		q.letGo(len(q.came) - len(q.begun) + workers)
		q.calls.Wait()
		pool.Close()
	})
}

// ask has a number checked, and returns when nothing moves any more. What it returns makes the
// caller give up.
func (q *asked) ask(name string, n uint64) (giveUp func()) {
	ctx, cancel := context.WithCancel(context.WithValue(q.t.Context(), nameKey{}, name))
	q.came = append(q.came, name)
	q.calls.Go(func() {
		isPrime, err := q.check(ctx, n)
		if ctx.Err() == nil {
			assert.NoError(q.t, err)
			assert.True(q.t, isPrime, "the verdict on a number is lost: %s", name)
		}
	})
	synctest.Wait()
	return cancel
}

// letGo lets checks end, one after the other, as far as there are any.
func (q *asked) letGo(n int) {
	for range n {
		select {
		case q.release <- struct{}{}:
		default:
		}
		synctest.Wait()
	}
}

// began returns who has begun, from the given one on.
func (q *asked) began(from int) string { return strings.Join(q.begun[min(from, len(q.begun)):], " ") }

// TestShortOnesFirst proves that a check which takes some milliseconds doesn't wait for those that
// take seconds and came before it, but for the one that is being made.
func TestShortOnesFirst(t *testing.T) {
	ordered(t, 1, func(q *asked) {
		for i := range 15 {
			q.ask(fmt.Sprint("long", i), long)
		}
		q.letGo(11) // a queue in which nobody has been overtaken is not impatient
		q.ask("medium", medium)
		q.ask("shorter", medium/100)
		q.letGo(4)
		assert.Equal(t, "long11 shorter medium long12 long13", q.began(11),
			"the checks that begin: two shorter ones have come, and stand behind long ones, whose clients wait for seconds anyway")
	})
}

// TestEqualsInOrder proves that checks of one size are made in the order in which they came.
func TestEqualsInOrder(t *testing.T) {
	ordered(t, 1, func(q *asked) {
		for i := range 40 {
			q.ask(fmt.Sprint(i), long)
		}
		q.letGo(40)
		assert.Equal(t, strings.Join(q.came, " "), q.began(0), "the checks that begin, which are all of one size")
	})
}

// TestNobodyStarves proves that a long check is overtaken ten times at most, though shorter ones
// come all the time.
func TestNobodyStarves(t *testing.T) {
	ordered(t, 1, func(q *asked) {
		q.ask("first", medium)
		q.ask("long", long)
		for i := range 3 * mostOvertaken {
			q.ask(fmt.Sprint("medium", i), medium)
			q.letGo(1)
		}
		assert.Contains(t, q.begun, "long", "a long check waits, thirty shorter ones have come since, and all were made before it: its client waits for ever")
		if q.begun[1] == "long" {
			assert.Fail(t, "a long check, which came before them, is made before thirty shorter ones")
		}
		q.boundKept()
	})
}

// boundKept proves for all that have begun how many have overtaken them.
func (q *asked) boundKept() {
	q.t.Helper()
	came := map[string]int{}
	for i, name := range q.came {
		came[name] = i
	}
	for i, name := range q.begun {
		times := 0
		for _, before := range q.begun[:i] {
			if came[before] > came[name] {
				times++
			}
		}
		if !assert.LessOrEqual(q.t, times, mostOvertaken, "how many have overtaken %s, of which there may be ten at most: its client waits for the others", name) {
			return
		}
	}
}

// TestBoundForAll proves that the bound holds for each of many, whatever comes and in which order.
func TestBoundForAll(t *testing.T) {
	for seed := range uint64(20) {
		ordered(t, 1+int(seed%3), func(q *asked) {
			random := rand.New(rand.NewPCG(seed, 0))
			q.ask("first", long)
			for i := range 150 {
				n := uint64(medium) + random.Uint64N(long)
				if i < 5 {
					n = long - uint64(i) // the longest first
				}
				q.ask(fmt.Sprint("check ", i), n)
				q.letGo(random.IntN(2))
			}
			q.letGo(200)
			assert.Len(t, q.begun, len(q.came), "checks that have been made")
			q.boundKept()
			short := 0
			for i, name := range q.begun[1:] {
				if name != q.came[i+1] {
					short++
				}
			}
			assert.NotZero(t, short, "shorter and longer checks are made as they came")
		})
	}
}

// TestNobodyIdle proves that each worker has a check as long as one waits.
func TestNobodyIdle(t *testing.T) {
	ordered(t, 3, func(q *asked) {
		for i := range 9 {
			q.ask(fmt.Sprint(i), medium+uint64(i%3))
			assert.Len(t, q.begun, min(i+1, 3), "checks that have begun, for %d callers, with three workers", i+1)
		}
		for i := range 6 {
			q.letGo(1)
			assert.Len(t, q.begun, 4+i, "checks that have begun, with three workers of whom one has just become free")
		}
	})
}

// TestGaveUpInLine proves that a caller which gives up while it waits is told at once, that nobody
// works for it, and that the line goes on without it.
func TestGaveUpInLine(t *testing.T) {
	ordered(t, 1, func(q *asked) {
		q.ask("first", long)
		first := q.ask("long0", long)
		q.ask("long1", long)
		short := q.ask("medium0", medium)
		q.ask("medium1", medium)
		first()
		short()
		synctest.Wait()
		q.letGo(5)
		assert.Equal(t, "first medium1 long1", q.began(0), "the checks that begin: two callers have given up, and their checks are none of these")
	})
}

// TestGaveUpOvertakesNobody proves that those who have come and gone have overtaken nobody.
func TestGaveUpOvertakesNobody(t *testing.T) {
	ordered(t, 1, func(q *asked) {
		q.ask("first", long)
		q.ask("long", long)
		for i := range 2 * mostOvertaken {
			q.ask(fmt.Sprint("gone", i), medium)()
			synctest.Wait()
		}
		q.ask("medium", medium)
		q.letGo(2)
		assert.Equal(t, "first medium long", q.began(0), "the checks that begin: twenty shorter ones have come and gone, and one has stayed")
	})
}

// TestMediumClient proves that a client with a medium number is answered while long ones wait.
func TestMediumClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, pool, ln := newGate(), worker.NewPool(worker.Options{Workers: 1}), newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(offload(pool, gate.check)), ln)
		var waiting []*pipeClient
		for range 5 {
			c := ln.dial(t)
			c.send(large)
			synctest.Wait()
			waiting = append(waiting, c)
		}
		c := ln.dial(t)
		c.send(fmt.Sprintf("^P%d$", medium))
		synctest.Wait()
		gate.release <- struct{}{}
		synctest.Wait()
		gate.release <- struct{}{}
		c.expect("*prime\n", "a client's number takes milliseconds, and four long ones, which came before it, are checked first")
		gate.open()
		for i, c := range waiting {
			c.expect("*prime\n", "the long number of client %d", i)
		}
		cancel()
		assert.NoError(t, <-done, "a stop, and Serve fails")
		pool.Close()
	})
}
