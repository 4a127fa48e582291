package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDrain stops the server with 500 requests in flight: one in the prime check, the
// others in the kernel, more than one read takes. All are answered; then Serve returns.
func TestDrain(t *testing.T) {
	gate := newGate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(gate.check), ln)

	c, idle := greeted(t, ln.Addr().String()), greeted(t, ln.Addr().String())
	c.send("^P7$")
	<-gate.entered
	c.send(strings.Repeat("^P7$", 499))
	cancel()
	io.ReadAll(idle.conn) // until the server drains
	gate.open()
	c.expect(strings.Repeat("prime\n", 500))
	got, err := io.ReadAll(c.conn)
	require.NoError(t, err)
	assert.Empty(t, got)
	assert.NoError(t, <-done)
}

// TestDrainRefuses proves that a server which drains takes no new clients.
func TestDrainRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(gate.check), ln)
		busy := ln.dial(t)
		busy.send("^P7$")
		<-gate.entered
		cancel()
		synctest.Wait()
		late := ln.dial(t)
		late.expect("")
		gate.open()
		<-busy.closed
		busy.expect("*prime\n")
		assert.NoError(t, <-done)
		late.expect("")
		late.conn.Close()
	})
}

// TestDrainIdle proves that an idle client does not hold up the end, and that one in
// the middle of a frame does not either.
func TestDrainIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(newGate().check), ln)
		ln.dial(t).expect("*")
		ln.dial(t).send("^P23")
		begin := time.Now()
		cancel()
		assert.NoError(t, <-done)
		assert.Less(t, time.Since(begin), time.Second)
	})
}

// TestDrainWaits proves that a request which is under way when the server stops is
// answered, though the client was silent until then.
func TestDrainWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		gate.open()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(gate.check), ln)
		c := ln.dial(t)
		c.expect("*")
		cancel()
		synctest.Wait()
		c.send("^P7$")
		c.expect("prime\n")
		assert.NoError(t, <-done)
	})
}

// TestDrainBusy proves that a client which always has one more request does not hold up
// the end.
func TestDrainBusy(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(newGate().check), ln)
	c := greeted(t, ln.Addr().String())
	for range 100 {
		c.send("^a$")
		c.expect("b")
	}
	cancel()
	for err := error(nil); err == nil; {
		io.WriteString(c.conn, "^a$")
		_, err = c.conn.Read(make([]byte, 1))
	}
	assert.NoError(t, <-done)
}

// TestGrace proves that requests which take too long are cut off, as is a client that
// does not take its replies.
func TestGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		srv := newServer(gate.check)
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, srv, ln)
		gone, slow := ln.dial(t), ln.dial(t)
		gone.conn.Close()
		slow.send("^P7$")
		<-gate.entered
		deaf, deafServer := net.Pipe()
		defer deaf.Close()
		ln.backlog <- deafServer
		synctest.Wait()

		begin := time.Now()
		cancel()
		assert.EqualError(t, <-done, "2 clients cut off after 1m0s")
		assert.Equal(t, srv.Grace, time.Since(begin))
		<-slow.closed
		slow.expect("*")
		gate.open()
	})
}
