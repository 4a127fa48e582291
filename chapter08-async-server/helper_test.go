package main

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/concurrent-network-server/chapter08-async-server/prime"
	"example.com/concurrent-network-server/chapter08-async-server/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// startServer runs the server on a free port until the test ends, and returns the address.
func startServer(t *testing.T) string {
	return startServerWith(t, prime.IsPrimeContext)
}

// startScript is startServer, and says when the first check begins.
func startScript(t *testing.T) (addr string, begun <-chan struct{}) {
	check, begun := telling(prime.IsPrimeContext)
	return startServerWith(t, check), begun
}

// startServerWith is startServer with another prime check.
func startServerWith(t *testing.T, check checkFunc) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serve(t, ln, check)
	return ln.Addr().String()
}

func newServer(check checkFunc) *server.Server {
	return &server.Server{Check: check, Grace: time.Minute}
}

// serve serves the clients of ln until the test ends.
func serve(t *testing.T, ln net.Listener, check checkFunc) {
	done := run(t.Context(), newServer(check), ln)
	t.Cleanup(func() { assert.NoError(t, <-done) })
}

// run serves the clients of ln until ctx is done, and then sends what Serve returns.
func run(ctx context.Context, srv *server.Server, ln net.Listener) <-chan error {
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	return done
}

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
	assert.Equal(c.t, want, string(got), "a client gets bytes that are not the reply to its request")
}

// finish shuts down the sending side and expects the rest of the replies, to the end. The
// rest of its arguments says what is wrong if they differ.
func (c *client) finish(want string, wrong ...any) {
	c.t.Helper()
	require.NoError(c.t, c.conn.CloseWrite())
	got, err := io.ReadAll(c.conn)
	require.NoError(c.t, err, "the server should send %.50q and hang up, and sends %.50q", want, got)
	if len(wrong) == 0 {
		wrong = []any{"a client that has said all gets other replies than it should"}
	}
	require.Equal(c.t, want, string(got), wrong...)
}

// reset closes the connection with a reset, which throws away what is on its way.
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

func plusOne(s string) string {
	b := []byte(s)
	for i := range b {
		b[i]++
	}
	return string(b)
}

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
