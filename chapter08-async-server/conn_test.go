package main

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIdleTimeout proves that a client is closed when it has been silent for that long.
// Time in the bubble is not real.
func TestIdleTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(context.Context, uint64) (bool, error) {
			time.Sleep(15 * time.Second)
			return true, nil
		}
		srv, ln := newServer(slow), newPipeListener()
		srv.IdleTimeout = 10 * time.Second
		run(t.Context(), srv, ln)
		c := ln.dial(t)
		c.expect("*")
		for range 5 {
			time.Sleep(9 * time.Second)
			c.send("^a$")
			c.expect("b")
		}
		c.send(large) // a client that waits for an answer is not idle
		time.Sleep(16 * time.Second)
		c.expect("prime\n")
		c.send("^a$")
		c.expect("b")
		spoke := time.Now()
		<-c.closed
		assert.Equal(t, srv.IdleTimeout, time.Since(spoke))
	})
}

// TestWriteTimeout proves that a client which does not take its reply is closed.
func TestWriteTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.WriteTimeout = 10 * time.Second
		run(t.Context(), srv, ln)
		c := ln.dial(t)
		deaf, deafServer := net.Pipe()
		ln.backlog <- deafServer

		time.Sleep(3 * srv.WriteTimeout)
		_, err := deaf.Read(make([]byte, 1))
		assert.Error(t, err, "closed before it took the greeting")
		c.send("^a$")
		c.expect("*b") // after a pause longer than the timeout
		c.conn.Close()
	})
}

// TestResetAfterTimeout proves that the kernel keeps no replies for a client that was cut off
// because it took none, or was silent: they go with the connection.
func TestResetAfterTimeout(t *testing.T) {
	tests := []struct {
		name  string
		idle  time.Duration
		speak func(*client)
	}{
		{"takes nothing", 0, func(c *client) { go io.WriteString(c.conn, "^"+strings.Repeat("a", 6<<20)) }},
		{"silent", time.Second / 10, func(c *client) { c.send("^" + strings.Repeat("a", 1<<18)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			c := dial(t, ln.Addr().String())
			require.NoError(t, c.conn.SetReadBuffer(4096)) // its own kernel takes little
			test.speak(c)

			srv := newServer(newGate().check)
			srv.MaxConns, srv.IdleTimeout, srv.WriteTimeout = 1, test.idle, time.Second/10
			done := run(t.Context(), srv, ln)
			t.Cleanup(func() { assert.NoError(t, <-done) })
			greeted(t, ln.Addr().String()) // there is room: the server is done with the other
			require.NoError(t, c.conn.SetReadBuffer(1<<20))
			_, err = io.Copy(io.Discard, c.conn)
			assert.Error(t, err, "the kernel goes on sending what the client has not taken")
			assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "it is still sending")
		})
	}
}

// TestSlowReply proves that a reply is whole though an old deadline passes while it is
// sent.
func TestSlowReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.WriteTimeout = 10 * time.Second
		run(t.Context(), srv, ln)
		client, conn := net.Pipe()
		defer client.Close()
		ln.backlog <- conn
		got := make([]byte, len("*")+300)
		io.ReadFull(client, got[:1])
		time.Sleep(9 * time.Second)
		io.WriteString(client, "^"+strings.Repeat("0123456789", 30)+"$")
		io.ReadFull(client, got[1:100])
		time.Sleep(9 * time.Second)
		io.ReadFull(client, got[100:])
		assert.Equal(t, "*"+strings.Repeat("123456789:", 30), string(got))
	})
}
