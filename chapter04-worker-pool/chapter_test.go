package main

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
)

// TestWorkers proves that as many clients are served at once as there are workers,
// and not one more.
func TestWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		ln := newPipeListener()
		serve(t, ln, gate.check)
		var served []*pipeClient
		for range 4 {
			c := ln.dial(t)
			c.expect("*")
			c.send("^P7$")
			served = append(served, c)
		}
		fifth, sixth := ln.dial(t), ln.dial(t)
		fifth.expect("", "a fifth client is served by four workers")

		gate.open()
		for _, c := range served {
			c.expect("prime\n")
		}
		fifth.expect("", "the four are idle, but they have not left")

		served[2].conn.Close()
		fifth.expect("*")
		sixth.expect("")
	})
}

// TestBacklog proves that one client at most is accepted and not served: the others
// wait in the listener's backlog, where the next process could have them.
func TestBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		server := &Server{Check: IsPrimeContext, Workers: 2}
		go server.Serve(t.Context(), ln)
		for range 7 {
			ln.dial(t)
		}
		synctest.Wait()
		assert.Equal(t, 7-2-1, len(ln.backlog), "clients left in the listener, with two workers")
	})
}

// TestStopClosesWaiting proves that a stop closes all connections, even that of the client that
// was accepted and has no worker.
func TestStopClosesWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer(gate.check).Serve(ctx, ln) }()
		for range 4 {
			ln.dial(t).send("^P7$")
		}
		fifth := ln.dial(t)
		fifth.expect("")
		cancel()
		gate.open()
		assert.NoError(t, <-done)
		synctest.Wait()
		select {
		case <-fifth.closed:
		default:
			t.Error("the server has ended, and a client that it had accepted still waits for a worker")
		}
	})
}

// TestNoGoroutinePerClient proves that the workers are started once: a client adds nothing.
func TestNoGoroutinePerClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		serve(t, ln, newGate().check)
		synctest.Wait()
		before := runtime.NumGoroutine()
		for range 4 {
			ln.dial(t).expect("*")
		}
		assert.LessOrEqual(t, runtime.NumGoroutine(), before+4, "goroutines with four clients: those before, and one for each client of the test")
	})
}

// TestWorkersStay proves that each worker takes one client after another.
func TestWorkersStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		serve(t, ln, newGate().check)
		for range 3 {
			var served []*pipeClient
			for range 4 {
				c := ln.dial(t)
				c.expect("*")
				served = append(served, c)
			}
			for _, c := range served {
				c.conn.Close()
			}
		}
	})
}
