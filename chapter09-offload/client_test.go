package main

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// client is a test's connection to the server over TCP.
type client struct {
	t    *testing.T
	conn *net.TCPConn
}

// dial connects. A test that has not ended after a minute hangs, and fails.
func dial(t *testing.T, addr string) *client {
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	return &client{t: t, conn: conn.(*net.TCPConn)}
}

// greeted connects and waits for the greeting.
func greeted(t *testing.T, addr string) *client {
	c := dial(t, addr)
	c.expect("*")
	return c
}

func (c *client) send(s string) {
	c.t.Helper()
	_, err := io.WriteString(c.conn, s)
	assert.NoError(c.t, err)
}

// expect reads as many bytes as want has and compares them.
func (c *client) expect(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(c.conn, got)
	assert.Equal(c.t, want, string(got[:n]))
	require.NoError(c.t, err)
}

// finish shuts down the sending side and expects the rest of the replies, to the end.
func (c *client) finish(want string) {
	c.t.Helper()
	require.NoError(c.t, c.conn.CloseWrite())
	got, err := io.ReadAll(c.conn)
	require.NoError(c.t, err)
	require.Equal(c.t, want, string(got))
}

// reset closes the connection with a reset, which throws away what is under way.
func (c *client) reset() {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetLinger(0))
	require.NoError(c.t, c.conn.Close())
}
