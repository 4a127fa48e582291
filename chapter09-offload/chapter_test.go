package main

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/worker"
)

// TestWorkers proves that two workers make two long checks at once, and not one more, and
// that others are served meanwhile: echoes, and numbers of which a few divisions tell.
func TestWorkers(t *testing.T) {
	gate, pool := newGate(), worker.NewPool(worker.Options{Workers: 2, Threads: true})
	defer gate.open() // when the test fails
	t.Cleanup(pool.Close)
	addr := startServerWith(t, offload(pool, gate.check))

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
	other.send("^P7$^P18446744073709551614$^P9223372036854775809$")
	other.expect("prime\ncomposite\ncomposite\n")
	assert.Empty(t, gate.entered, "a third check has begun")
	gate.open()
	for _, c := range clients {
		c.finish("prime\n")
	}
	other.finish("")
}

// TestDrainQueue stops the server while five checks wait for one worker. All are made.
func TestDrainQueue(t *testing.T) {
	gate, pool := newGate(), worker.NewPool(worker.Options{Workers: 1, Threads: true})
	defer gate.open() // when the test fails
	t.Cleanup(pool.Close)
	srv := newServer(offload(pool, gate.check))
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
