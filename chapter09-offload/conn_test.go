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
		c.send("^P7$") // a client that waits for an answer is not idle
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
