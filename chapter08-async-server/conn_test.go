package main

import (
	"context"
	"errors"
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

// TestEndOfReplies proves that a client which sees the end of its replies can still send: the
// server throws it away, whether a check has failed or the server stops. If nobody read it, the
// kernel would answer with a reset, which takes replies with it that are still on their way. On a
// slow machine the server's patience may end before the test has sent all, so it may try again; a
// server that hangs up at once never passes.
func TestEndOfReplies(t *testing.T) {
	for name, stop := range map[string]bool{"a check fails": false, "the server stops": true} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				if readAfterReplies(t, stop) {
					return
				}
			}
			t.Error("nobody reads any more when the replies end")
		})
	}
}

// readAfterReplies reports whether the server reads what a client sends after its replies.
func readAfterReplies(t *testing.T, stop bool) bool {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(unlucky), ln)
	c := greeted(t, ln.Addr().String())
	c.send("^a$")
	c.expect("b")
	if stop {
		cancel()
	} else {
		c.send(large)
	}
	_, err = c.conn.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err, "the end of the replies")
	_, err = c.conn.Write(make([]byte, 8<<20))
	c.conn.Close()
	cancel()
	assert.NoError(t, <-done)
	return err == nil
}

func unlucky(context.Context, uint64) (bool, error) { return false, errors.New("out of luck") }

// TestHangUp proves that a client which goes on sending when its replies have ended is not read
// for ever: it would keep its place among those that may be served.
func TestHangUp(t *testing.T) {
	c := greeted(t, startServerWith(t, unlucky))
	c.send(large)
	_, err := c.conn.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err, "the end of the replies")
	for err = error(nil); err == nil; time.Sleep(10 * time.Millisecond) {
		_, err = c.conn.Write([]byte("still here"))
	}
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "a client goes on sending, and the server reads it as long as it likes")
}

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
		assert.Equal(t, srv.IdleTimeout, time.Since(spoke), "how long a client may be silent before it is closed")
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
			test.speak(c)

			srv := newServer(newGate().check)
			srv.MaxConns, srv.IdleTimeout, srv.WriteTimeout = 1, test.idle, time.Second/10
			done := run(t.Context(), srv, ln)
			t.Cleanup(func() { assert.NoError(t, <-done) })
			greeted(t, ln.Addr().String()) // there is room: the server is done with the other
			_, err = io.Copy(io.Discard, c.conn)
			assert.Error(t, err, "the kernel goes on sending what the client has not taken")
			assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "it is still sending")
		})
	}
}

// TestNoResetAfterReplies proves that a client which has said all it has to say gets all its
// replies, though the server has long finished with it when it begins to read.
func TestNoResetAfterReplies(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := dial(t, ln.Addr().String())
	payload := strings.Repeat("a", 1<<17) // more than the client's kernel takes at first
	c.send("^" + payload)
	require.NoError(t, c.conn.CloseWrite())

	srv := newServer(newGate().check)
	srv.MaxConns = 1
	done := run(t.Context(), srv, ln)
	t.Cleanup(func() { assert.NoError(t, <-done) })
	greeted(t, ln.Addr().String()) // there is room: the server is done with the other
	got, err := io.ReadAll(c.conn)
	assert.NoError(t, err, "the server has thrown away replies that the client was owed")
	assert.Equal(t, 1+len(payload), len(got), "bytes of the greeting and the reply")
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
		assert.Equal(t, "*"+strings.Repeat("123456789:", 30), strings.TrimRight(string(got), "\x00"), "a client reads a long reply slowly but in time, and gets a part of it")
	})
}
