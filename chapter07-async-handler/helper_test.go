//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/prime"
	"example.com/concurrent-network-server/chapter07-async-handler/server"
)

// testedPoller is the poller of the servers that the tests start.
var testedPoller = poller.Default

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
	return &server.Server{Check: check, Poller: testedPoller}
}

// serve serves the clients of ln until the test ends.
func serve(t *testing.T, ln net.Listener, check checkFunc) {
	srv := newServer(check)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(t.Context(), ln) }()
	t.Cleanup(func() { assert.NoError(t, <-done) })
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

func newSocket(t *testing.T) int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

func connectSocket(t *testing.T, fd int, addr string) {
	to, err := net.ResolveTCPAddr("tcp", addr)
	require.NoError(t, err)
	require.NoError(t, unix.Connect(fd, &unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())}))
}

// forbidDescriptors limits the process to the descriptors that it has, until the
// function that it returns is called or the test ends.
func forbidDescriptors(t *testing.T) func() {
	var old unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	next, err := unix.Dup(0)
	require.NoError(t, err)
	unix.Close(next)
	limit := old
	set(&limit.Cur, next)
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	restore := sync.OnceFunc(func() { unix.Setrlimit(unix.RLIMIT_NOFILE, &old) })
	t.Cleanup(restore)
	return restore
}

// set assigns to a field whose type depends on the system.
func set[T int64 | uint64](field *T, value int) { *field = T(value) }

// capture is a log that a test can wait for.
type capture struct {
	mu    sync.Mutex
	text  bytes.Buffer
	first chan struct{}
	once  sync.Once
}

func captureLog(t *testing.T) *capture {
	c := &capture{first: make(chan struct{})}
	log.SetOutput(c)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	return c
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.once.Do(func() { close(c.first) })
	return c.text.Write(p)
}

// wait waits for the first line.
func (c *capture) wait() { <-c.first }

func (c *capture) lines() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Count(c.text.String(), "\n")
}
