package main

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIdleClient proves that a client which says nothing is in nobody's way.
func TestIdleClient(t *testing.T) {
	addr := startServer(t)
	idle, other := greeted(t, addr), greeted(t, addr)
	other.send("^P7$")
	other.finish("prime\n")
	idle.finish("")
}

// TestClientThatDoesNotRead sends and sends and reads nothing, while another client
// is served. In the end the sender is stuck, as it must be: what the server does not
// read, it does not have to hold. Then it reads, and nothing is lost.
func TestClientThatDoesNotRead(t *testing.T) {
	const mostChunks = 1000 // 60 MB, more than the sockets' buffers hold
	chunk := strings.Repeat("0123456789abcdefghijklmnopqrst", 2000)
	addr := startServer(t)
	deaf, other := greeted(t, addr), greeted(t, addr)

	var sent atomic.Int64
	var stop atomic.Bool
	go func() {
		deaf.send("^")
		for sent.Load() < mostChunks && !stop.Load() {
			deaf.send(chunk)
			sent.Add(1)
		}
		deaf.conn.CloseWrite()
	}()
	for before := int64(-1); before != sent.Load(); {
		before = sent.Load()
		for range 500 {
			other.send("^echo$")
			other.expect("fdip")
		}
	}
	assert.Less(t, sent.Load(), int64(mostChunks))
	other.send("^" + chunk + "$")
	other.expect(plusOne(chunk)) // through the server's buffers, if clients share them

	stop.Store(true)
	got, err := io.ReadAll(deaf.conn)
	require.NoError(t, err)
	want := strings.Repeat(plusOne(chunk), int(sent.Load()))
	assert.True(t, want == string(got), "%d bytes, want %d", len(got), len(want))
	other.finish("")
}
