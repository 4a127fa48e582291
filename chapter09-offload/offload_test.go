package main

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/prime"
	"example.com/concurrent-network-server/chapter09-offload/worker"
)

// large is a request with a number that is not cheap.
const large = "^P2305843009213693951$"

// TestWorkers proves that two workers make two checks at once, and not one more, and
// that others are served meanwhile, small numbers included.
func TestWorkers(t *testing.T) {
	gate, pool := newGate(), worker.NewPool(2, true)
	t.Cleanup(pool.Close)
	srv := newServer(gate.check)
	srv.IsPrime, srv.Offload = prime.IsPrime, offload(pool, srv.Offload)
	addr := listen(t, srv)

	clients := make([]*client, 6)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send(large)
	}
	for range 2 {
		<-gate.entered
	}
	other := greeted(t, addr)
	for range 1000 {
		other.send("^echo$")
		other.expect("fdip")
	}
	other.send("^P7$")
	other.expect("prime\n")
	assert.Empty(t, gate.entered, "a third check has begun")
	gate.open()
	for _, c := range clients {
		c.finish("prime\n")
	}
	other.finish("")
}

// waiting returns a check that sends its context, and waits for an answer or its end.
func waiting() (chan context.Context, chan bool, func(context.Context, uint64) (bool, error)) {
	begun, answer := make(chan context.Context, 1), make(chan bool)
	return begun, answer, func(ctx context.Context, _ uint64) (bool, error) {
		begun <- ctx
		select {
		case isPrime := <-answer:
			return isPrime, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// TestReset proves that the check for a client that has reset its connection is abandoned.
func TestReset(t *testing.T) {
	pool := worker.NewPool(1, false)
	t.Cleanup(pool.Close)
	begun, _, check := waiting()
	srv := newServer(nil)
	srv.Offload = offload(pool, check)
	c := greeted(t, listen(t, srv))
	c.send(large)
	ctx := <-begun
	c.reset()
	<-ctx.Done()
}

// TestResetInTheQueue proves that such a client leaves the queue, too.
func TestResetInTheQueue(t *testing.T) {
	pool := worker.NewPool(1, false)
	t.Cleanup(pool.Close)
	begun, answer, check := waiting()
	srv := newServer(nil)
	left := make(chan error, 2)
	srv.Offload = func(ctx context.Context, n uint64) (bool, error) {
		isPrime, err := offload(pool, check)(ctx, n)
		left <- err
		return isPrime, err
	}
	addr := listen(t, srv)
	first := greeted(t, addr)
	first.send(large)
	<-begun
	second := greeted(t, addr)
	second.send(large)
	second.reset()
	assert.ErrorIs(t, <-left, context.Canceled)
	answer <- true
	first.finish("prime\n")
	assert.Empty(t, begun)
}

// TestHalfClosed proves that a client which has shut down its sending side is answered,
// however long the check takes.
func TestHalfClosed(t *testing.T) {
	begun, answer, check := waiting()
	srv := newServer(nil)
	srv.Offload = check
	c := greeted(t, listen(t, srv))
	c.send(large)
	require.NoError(t, c.conn.CloseWrite())
	ctx := <-begun
	select {
	case <-ctx.Done():
		t.Error("abandoned")
	case <-time.After(200 * time.Millisecond): // time to abandon it, in a wrong server
		answer <- true
		c.expect("prime\n")
	}
}

// TestAbandonedCheckGivesNoAnswer proves that a client whose check fails gets no reply
// at all, and no wrong one.
func TestAbandonedCheckGivesNoAnswer(t *testing.T) {
	srv := newServer(nil)
	srv.Offload = func(context.Context, uint64) (bool, error) { return false, errors.New("abandoned") }
	c := greeted(t, listen(t, srv))
	c.send(large)
	n, err := c.conn.Read(make([]byte, 1))
	assert.Zero(t, n)
	assert.Error(t, err)
}

// TestDrainQueue stops the server while five checks wait for one worker. All are made.
func TestDrainQueue(t *testing.T) {
	gate, pool := newGate(), worker.NewPool(1, true)
	t.Cleanup(pool.Close)
	srv := newServer(gate.check)
	srv.Offload = offload(pool, srv.Offload)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, srv, ln)

	var clients []*client
	for range 5 {
		c := greeted(t, ln.Addr().String())
		c.send(large)
		clients = append(clients, c)
	}
	<-gate.entered
	idle := greeted(t, ln.Addr().String())
	cancel()
	io.ReadAll(idle.conn) // until the server drains
	gate.open()
	for _, c := range clients {
		c.expect("prime\n")
	}
	assert.NoError(t, <-done)
}
