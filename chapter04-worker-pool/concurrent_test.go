package main

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestIdleClient proves that a client which says nothing is in nobody's way.
func TestIdleClient(t *testing.T) {
	addr := startServer(t)
	idle := greeted(t, addr)
	other := greeted(t, addr)
	other.send("^P7$")
	other.finish("prime\n")
	idle.finish("")
}

// TestClientThatDoesNotRead sends up to 64 MiB and reads nothing, while another client
// is served. It stops when the sender is stuck, as it must be: what the server does
// not read, it does not have to hold.
func TestClientThatDoesNotRead(t *testing.T) {
	const chunk, chunks = 64 << 10, 1 << 10
	addr := startServer(t)
	deaf, other := greeted(t, addr), greeted(t, addr)
	deaf.send("^")
	var sent atomic.Int64
	go func() {
		for range chunks {
			if _, err := deaf.conn.Write([]byte(strings.Repeat("a", chunk))); err != nil {
				return // the reset below
			}
			sent.Add(1)
		}
	}()
	for before := int64(-1); before != sent.Load(); {
		before = sent.Load()
		for range 500 {
			other.send("^echo$")
			other.expect("fdip")
		}
	}
	assert.Less(t, sent.Load(), int64(chunks))
	deaf.reset()
	other.finish("")
}
