package main

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
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

// patience is how long a client waits for the server. A test that takes longer hangs. The
// exercises set a shorter time, because there a server that hangs is to be expected.
var patience = func() time.Duration {
	if short, err := time.ParseDuration(os.Getenv("WORKBOOK_PATIENCE")); err == nil {
		return short
	}
	return time.Minute
}()

// dial connects.
func dial(t *testing.T, addr string) *client {
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return &client{t: t, conn: conn.(*net.TCPConn)}
}

// greeted connects and waits for the greeting.
func greeted(t *testing.T, addr string) *client {
	t.Helper()
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
	require.NoError(c.t, err, "the server should send %.50q, and sends %.50q", want, got[:n])
	assert.Equal(c.t, want, string(got))
}

// finish shuts down the sending side and expects the rest of the replies, to the end. The
// rest of its arguments says what is wrong if they differ.
func (c *client) finish(want string, wrong ...any) {
	c.t.Helper()
	require.NoError(c.t, c.conn.CloseWrite())
	got, err := io.ReadAll(c.conn)
	require.NoError(c.t, err, "the server should send %.50q and hang up, and sends %.50q", want, got)
	require.Equal(c.t, want, string(got), wrong...)
}

// reset closes the connection with a reset, which throws away what is under way.
func (c *client) reset() {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetLinger(0))
	require.NoError(c.t, c.conn.Close())
}

// large is a request whose check takes longer than a write.
const large = "^P2305843009213693951$"

// checkFunc is the type of a server's prime check.
type checkFunc = func(context.Context, uint64) (bool, error)

// gate is a prime check that waits until the test lets it go. Its answer is prime.
type gate struct {
	entered chan uint64 // receives the number of each check that begins
	release chan struct{}
	open    func() // lets all checks go
}

func newGate() *gate {
	release := make(chan struct{})
	return &gate{
		entered: make(chan uint64, 1000),
		release: release,
		open:    sync.OnceFunc(func() { close(release) }),
	}
}

// check begins only if ctx is not done, like the servers' own.
func (g *gate) check(ctx context.Context, n uint64) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	g.entered <- n
	<-g.release
	return true, nil
}
