package main

import (
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipeListener is a listener without a network. Inside a synctest bubble a test can
// wait until nothing moves any more, and so prove that something does not happen.
type pipeListener struct {
	backlog  chan net.Conn
	failures int // how often Accept fails before it succeeds
	closed   chan struct{}
	close    func()
}

func newPipeListener() *pipeListener {
	closed := make(chan struct{})
	return &pipeListener{
		backlog: make(chan net.Conn, 100),
		closed:  closed,
		close:   sync.OnceFunc(func() { close(closed) }),
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case <-l.closed:
		return nil, net.ErrClosed
	default:
	}
	if l.failures > 0 {
		l.failures--
		return nil, &net.OpError{Op: "accept", Net: "pipe", Err: syscall.EMFILE}
	}
	select {
	case conn := <-l.backlog:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.close()
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// pipeClient is a client of a pipeListener. It reads all the time.
type pipeClient struct {
	t       *testing.T
	conn    net.Conn
	greeted chan struct{} // closed when the first bytes have come
	closed  chan struct{} // closed when no more will come
	mu      sync.Mutex
	got     []byte
}

func (l *pipeListener) dial(t *testing.T) *pipeClient {
	conn, server := net.Pipe()
	l.backlog <- server
	c := &pipeClient{t: t, conn: conn, greeted: make(chan struct{}), closed: make(chan struct{})}
	go c.read()
	t.Cleanup(func() { conn.Close() })
	return c
}

func (c *pipeClient) read() {
	defer close(c.closed)
	greeted := sync.OnceFunc(func() { close(c.greeted) })
	buf := make([]byte, 512)
	for {
		n, err := c.conn.Read(buf)
		c.mu.Lock()
		c.got = append(c.got, buf[:n]...)
		c.mu.Unlock()
		if err != nil {
			return
		}
		greeted()
	}
}

func (c *pipeClient) send(s string) {
	c.t.Helper()
	_, err := c.conn.Write([]byte(s))
	require.NoError(c.t, err)
}

// expect waits until nothing moves and compares what has come since the last call. The
// rest of its arguments says what is wrong if that differs.
func (c *pipeClient) expect(want string, wrong ...any) {
	c.t.Helper()
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	assert.Equal(c.t, want, string(c.got), wrong...)
	c.got = nil
}
