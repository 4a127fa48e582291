package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// aWhile is a little more than the pause after which a client that is silent gives way. No time passes
// in a bubble but while all sleep.
const aWhile = time.Second + time.Millisecond

// alongside runs a test with a server of four workers, in a bubble.
func alongside(t *testing.T, test func(t *testing.T, ln *pipeListener, gate *gate)) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		serve(t, ln, gate.check)
		t.Cleanup(gate.open)
		test(t, ln, gate)
	})
}

// expect ends the test if the client has not got what it should: the next step would wait for ever.
func expect(c *pipeClient, want string, wrong ...any) {
	c.t.Helper()
	if c.expect(want, wrong...); c.t.Failed() {
		c.t.FailNow()
	}
}

// idlers connects clients that are greeted and say nothing.
func idlers(t *testing.T, ln *pipeListener, n int) []*pipeClient {
	var all []*pipeClient
	for i := range n {
		c := ln.dial(t)
		if i >= 4 {
			time.Sleep(aWhile)
		} else {
			time.Sleep(time.Millisecond) // so that the first is the first to have been silent for a second
		}
		expect(c, "*", "the greeting of client %d, which comes when four or more before it have been silent for a second", i)
		all = append(all, c)
	}
	return all
}

// TestLineMoves proves that four clients which say nothing don't lock out a fifth, and that they are
// served when they do.
func TestLineMoves(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		gate.open()
		idle := idlers(t, ln, 4)
		fifth := ln.dial(t)
		time.Sleep(aWhile)
		expect(fifth, "*", "four clients have been silent for a second, and a fifth, which has a request, is not served")
		fifth.send("^P7$")
		expect(fifth, "prime\n")
		for i, c := range idle {
			c.send("^echo$")
			time.Sleep(aWhile)
			expect(c, "fdip", "client %d was silent, and then it has sent a request, a second ago", i)
		}
		fifth.send("^P7$")
		time.Sleep(aWhile)
		expect(fifth, "prime\n", "the fifth client has sent another request, a second ago")
	})
}

// TestNobodyWaits proves that a silent client keeps its worker as long as nobody wants it: then it's
// answered at once, and there is nothing more in the server than before.
func TestNobodyWaits(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		gate.open()
		idle := idlers(t, ln, 4)
		before := runtime.NumGoroutine()
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.LessOrEqual(t, runtime.NumGoroutine(), before+3, "goroutines, an hour after four clients have come for four workers: those before, and a few that are the test's")
		for _, c := range idle {
			c.send("^P7$^a$")
			expect(c, "prime\nb", "a client has its worker, and is not answered at once")
		}
	})
}

// TestWhoSpeaksStays proves that a client which is never silent for a second keeps its worker, though
// another waits.
func TestWhoSpeaksStays(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		talkers := idlers(t, ln, 4)
		waiting := ln.dial(t)
		for range 20 {
			time.Sleep(900 * time.Millisecond)
			for _, c := range talkers {
				c.send("^a$")
				expect(c, "b", "a client that speaks every 0.9 s is not answered at once: somebody else has its worker")
			}
		}
		expect(waiting, "", "a fifth client is served, and four others have never been silent for a second")
		time.Sleep(aWhile)
		expect(waiting, "*", "four clients have been silent for a second, and a fifth is not served")
	})
}

// counted counts how often a deadline is set.
type counted struct {
	net.Conn
	deadlines *atomic.Int64
}

func (c counted) SetReadDeadline(t time.Time) error {
	c.deadlines.Add(1)
	return c.Conn.SetReadDeadline(t)
}

func (c counted) SetDeadline(t time.Time) error {
	c.deadlines.Add(1)
	return c.Conn.SetDeadline(t)
}

// TestFewDeadlines proves that an echo doesn't pay for the line: a deadline moves a timer, and a
// client that asks a thousand times within a second needs few of them.
func TestFewDeadlines(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		conn, server := net.Pipe()
		defer conn.Close()
		var deadlines atomic.Int64
		ln.backlog <- counted{server, &deadlines}
		reply := make([]byte, 1)
		io.ReadFull(conn, reply)
		for range 1000 {
			io.WriteString(conn, "^a$")
			io.ReadFull(conn, reply)
		}
		assert.Less(t, deadlines.Load(), int64(20), "deadlines for a thousand echoes in a second: each echo costs more than before")
	})
}

// TestCutFrames proves that a client which gives its worker away in the middle of a frame goes on
// where it was, however the frame is cut.
func TestCutFrames(t *testing.T) {
	const requests = "^P23$^abc$^P$x^P8$"
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		gate.open()
		for cut := range len(requests) {
			c := ln.dial(t)
			if cut > 0 {
				c.send(requests[:cut])
			}
			time.Sleep(time.Millisecond) // it has been silent for longest
			others := idlers(t, ln, 3)
			fifth := ln.dial(t) // gets its worker
			time.Sleep(aWhile)
			expect(fifth, "*", "a client has been silent for a second, in the middle of a frame, and another is not served")
			c.send(requests[cut:])
			time.Sleep(aWhile)
			expect(c, "*prime\nbcderror: no digits\nprime\n", "the replies to a client that was silent in the middle of its requests, after %q", requests[:cut])
			for _, c := range append(others, fifth, c) {
				c.conn.Close()
			}
			synctest.Wait()
		}
	})
}

// TestNeverMoreThanWorkers proves that four are served at once when all speak again, and not one
// more, and that each has its turn.
func TestNeverMoreThanWorkers(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		all := idlers(t, ln, 20)
		for _, c := range all {
			go c.conn.Write([]byte("^P7$"))
		}
		time.Sleep(10 * aWhile)
		assert.Equal(t, 4, len(gate.entered), "checks at once, when twenty clients ask four workers")
		for i := range 20 {
			gate.release <- struct{}{}
			time.Sleep(aWhile)
			assert.Equal(t, min(20, 5+i), len(gate.entered), "checks that have begun, when %d are done, of twenty with four workers", i+1)
		}
		for i, c := range all {
			expect(c, "prime\n", "the reply to client %d, which was silent and has spoken again", i)
		}
	})
}

// TestSaidInLine proves that what a client says while it waits for its turn is not lost, but read in
// time.
func TestSaidInLine(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		c := idlers(t, ln, 5)[0]
		busy := ln.dial(t)
		var others []*pipeClient
		for range 4 {
			other := ln.dial(t)
			go other.conn.Write([]byte("^P7$"))
			time.Sleep(aWhile)
			others = append(others, other)
		}
		go c.conn.Write([]byte("^P7$" + strings.Repeat("^echo$", 1000)))
		time.Sleep(5 * aWhile)
		gate.open()
		time.Sleep(5 * aWhile)
		expect(c, "prime\n"+strings.Repeat("fdip", 1000), "what a client gets that has sent a thousand requests while all workers were busy with others")
		for _, other := range others {
			expect(other, "*prime\n")
		}
		busy.conn.Close()
	})
}

// TestLeavesWithoutATurn proves that clients which leave while they have no worker take none with
// them, and leave none too many.
func TestLeavesWithoutATurn(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		synctest.Wait()
		before := runtime.NumGoroutine()
		for range 3 {
			for _, c := range idlers(t, ln, 15) {
				c.conn.Close()
			}
			synctest.Wait()
		}
		assert.LessOrEqual(t, runtime.NumGoroutine(), before+3, "goroutines, when 45 clients have been silent, and have left: there are workers too many, or somebody waits for a client who has gone")
		for range 6 {
			c := ln.dial(t)
			go c.conn.Write([]byte("^P7$"))
		}
		time.Sleep(5 * aWhile)
		assert.Equal(t, 4, len(gate.entered), "checks at once, with four workers, when many have come and gone")
	})
}

// TestStopAside proves that a stop closes the connections of those who have no worker too.
func TestStopAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		defer gate.open() // when the test fails
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer(gate.check).Serve(ctx, ln) }()
		all := idlers(t, ln, 10)
		for _, c := range all[:8] {
			go c.conn.Write([]byte("^P7$"))
		}
		time.Sleep(5 * aWhile)
		cancel()
		gate.open()
		time.Sleep(aWhile)
		select {
		case err := <-done:
			assert.NoError(t, err, "a stop, and Serve fails")
		default:
			t.Error("the server doesn't stop: clients have no worker, or wait for one")
		}
		for i, c := range all {
			select {
			case <-c.closed:
			default:
				t.Errorf("the server has been stopped, and client %d is still connected", i)
			}
		}
	})
}

// TestListenerFailsAside proves that a server whose listener has failed still serves those who have
// no worker at the moment.
func TestListenerFailsAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		gate.open()
		done := make(chan error, 1)
		go func() { done <- newServer(gate.check).Serve(t.Context(), ln) }()
		all := idlers(t, ln, 5)
		ln.Close()
		for _, c := range all[1:] {
			c.conn.Close()
		}
		time.Sleep(aWhile)
		assert.Empty(t, done, "Serve has returned, because its listener had failed, and a client is still there")
		all[0].send("^P7$")
		time.Sleep(aWhile)
		expect(all[0], "prime\n", "the listener has failed, all others have left, and a client that was silent speaks")
		all[0].conn.Close()
		synctest.Wait()
		select {
		case err := <-done:
			assert.Error(t, err, "the listener has failed, and Serve says that all is well")
		default:
			t.Error("Serve doesn't return: its listener has failed, and the last client has left")
		}
	})
}

// TestManyAside proves that a hundred clients share four workers, for whoever speaks.
func TestManyAside(t *testing.T) {
	alongside(t, func(t *testing.T, ln *pipeListener, gate *gate) {
		gate.open()
		for i, c := range idlers(t, ln, 100) {
			c.send(fmt.Sprintf("^%d$", i))
			time.Sleep(aWhile)
			expect(c, plusOne(fmt.Sprint(i)), "the reply to client %d of a hundred", i)
		}
	})
}
