package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/server"
)

// patience is how long a client waits for the server. A test that takes longer hangs.
const patience = 3 * time.Minute

// large is a number whose check takes longer than a write.
const large = "2305843009213693951"

// client is a test's connection to the server over TCP.
type client struct {
	t       testing.TB
	conn    *net.TCPConn
	replies *bufio.Reader
}

// dial connects and waits for the greeting.
func dial(t testing.TB, addr string) *client {
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	c := &client{t, conn.(*net.TCPConn), bufio.NewReader(conn)}
	greeting, err := c.replies.ReadByte()
	require.NoError(t, err)
	require.Equal(t, "*", string(greeting))
	return c
}

// ask asks whether the number is prime.
func (c *client) ask(number string) {
	_, err := io.WriteString(c.conn, "^P"+number+"$")
	assert.NoError(c.t, err)
}

// answer returns the answer, without the end of its line.
func (c *client) answer() string {
	line, _, err := c.replies.ReadLine()
	assert.NoError(c.t, err)
	return string(line)
}

// reset closes the connection with a reset, which throws away what is on its way.
func (c *client) reset() {
	require.NoError(c.t, c.conn.SetLinger(0))
	require.NoError(c.t, c.conn.Close())
}

// serve runs a server with that check until ctx is done, and sends what Serve returns.
func serve(t *testing.T, ctx context.Context, check server.Check) (addr string, done <-chan error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv, ended := &server.Server{Check: check, Grace: time.Minute}, make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, ln) }()
	return ln.Addr().String(), ended
}
