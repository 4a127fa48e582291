package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSecondClientWaits proves that one client is served at a time.
func TestSecondClientWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		ln := newPipeListener()
		serve(t, ln, gate.check)
		first, second := ln.dial(t), ln.dial(t)
		first.expect("*")
		first.send("^P7$")
		first.expect("") // in the gate
		second.expect("")

		gate.open()
		first.expect("prime\n")
		second.expect("*")
	})
}

// TestRequests proves what the protocol says of one request, whatever is around it.
func TestRequests(t *testing.T) {
	longest := strings.Repeat("a", MaxPayload)
	tests := []struct{ name, send, want string }{
		{"echo", "^abc$", "bcd"},
		{"echo wraps around", "^\xff$", "\x00"},
		{"prime", "^P7$", "prime\n"},
		{"composite", "^P8$", "composite\n"},
		{"zero", "^P0$", "composite\n"},
		{"one", "^P1$", "composite\n"},
		{"largest number", "^P18446744073709551615$", "composite\n"},
		{"leading zeros", "^P0007$", "prime\n"},
		{"no digits", "^P$", "error: no digits\n"},
		{"not a number", "^P7x$", "error: not a number\n"},
		{"sign", "^P+7$", "error: not a number\n"},
		{"too large", "^P18446744073709551616$", "error: number too large\n"},
		{"the first error counts", "^P99999999999999999999x$", "error: number too large\n"},
		{"a P later in the payload", "^aP7$", "bQ8"},
		{"a ^ in a frame", "^a^b$", "b_c"},
		{"empty frame", "^$", ""},
		{"bytes before the frame", strings.Repeat("noise$", 10_000) + "^a$", "b"},
		{"longest payload", "^" + longest + "$", plusOne(longest)},
		{"payload too long", "^" + longest + "a$", "error: request too long\n"},
		{"payload without end", "^" + strings.Repeat("a", 10<<20), "error: request too long\n"},
		{"unfinished frame", "^abc", ""},
		{"nothing", "", ""},
		{"only one request", "^a$^b$^c$", "b"},
	}
	addr := startServer(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := greeted(t, addr)
			c.send(test.send)
			c.finish(test.want)
		})
		t.Run(test.name+", byte by byte", func(t *testing.T) {
			if len(test.send) > MaxPayload {
				t.Skip("long enough to be cut anyway")
			}
			c := greeted(t, addr)
			for i := range len(test.send) {
				c.conn.Write([]byte{test.send[i]}) // fails when the server has its request
			}
			c.finish(test.want)
		})
	}
}

// TestResets proves that clients which vanish cost nothing but their connections. It needs an
// Accept that fails for none of them. Go's tries again after ECONNABORTED, and on Windows after
// WSAECONNRESET and ERROR_NETNAME_DELETED; Wine says WSAENOTCONN, and the server pauses each time.
func TestResets(t *testing.T) {
	addr := startServer(t)
	for range 200 {
		c := dial(t, addr)
		c.send("^P23")
		c.reset()
	}
	c := greeted(t, addr)
	c.send("^P7$")
	c.finish("prime\n")
}

// TestShutdown stops the server while it serves a client who stays: the server hangs up,
// and nobody listens any more.
func TestShutdown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := ln.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(nil).Serve(ctx, ln) }()
	c := greeted(t, addr)

	cancel()
	require.NoError(t, <-done)
	_, err = io.Copy(io.Discard, c.conn)
	assert.NoError(t, err)
	_, err = net.Dial("tcp", addr)
	assert.Error(t, err, "somebody listens")
}

// TestEndOfReplies proves that the client sees the end of the replies while the server
// still reads. On a slow machine the server's patience may end before the test has sent
// anything, so it may try again; a server that closes both directions at once never passes.
func TestEndOfReplies(t *testing.T) {
	addr := startServer(t)
	stillRead := func() bool {
		c := greeted(t, addr)
		defer c.conn.Close()
		c.send("^a$")
		c.expect("b")
		_, err := c.conn.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err, "the client should see the end of its replies")
		_, err = c.conn.Write(make([]byte, 8<<20)) // a closed connection answers with a reset
		return err == nil
	}
	for range 10 {
		if stillRead() {
			return
		}
	}
	t.Error("nobody reads any more when the replies end")
}

// TestHangUp proves that the client can't hold the server by staying.
func TestHangUp(t *testing.T) {
	addr := startServer(t)
	first := greeted(t, addr)
	first.send("^a$")
	got, err := io.ReadAll(first.conn)
	require.NoError(t, err)
	assert.Equal(t, "b", string(got), "a client gets bytes that are not the reply to its request")
	first.send("still here")
	greeted(t, addr).finish("")
}
