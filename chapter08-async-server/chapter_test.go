package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClientsOverlap holds a hundred clients in the prime check at once.
func TestClientsOverlap(t *testing.T) {
	gate := newGate()
	defer gate.open() // when the test fails
	addr := startServerWith(t, gate.check)
	clients := make([]*client, 100)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$")
		<-gate.entered
	}
	gate.open()
	for _, c := range clients {
		c.finish("prime\n")
	}
}

// TestDrain stops the server with 500 requests in flight: one in the prime check, the
// others in the kernel, more than one read takes. All are answered; then Serve returns.
func TestDrain(t *testing.T) {
	gate := newGate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(gate.check), ln)

	c, idle := greeted(t, ln.Addr().String()), greeted(t, ln.Addr().String())
	c.send(large)
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
