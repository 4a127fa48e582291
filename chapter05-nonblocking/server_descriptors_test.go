//go:build unix

package main

import (
	"bytes"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestOutOfDescriptors lets clients connect for which the server has no descriptor.
// It must say so, go on, serve those that it has, and greet the others later.
func TestOutOfDescriptors(t *testing.T) {
	complaint := captureLog(t)
	addr := startServer(t)
	served := greeted(t, addr)
	late := []int{newSocket(t), newSocket(t), newSocket(t)} // before there are no more

	allowMore := forbidDescriptors(t)
	for _, fd := range late {
		connectSocket(t, fd, addr)
	}
	complaint.wait()
	served.send("^P7$")
	served.expect("prime\n")
	allowMore()

	for _, fd := range late {
		greeting := make([]byte, 1)
		_, err := unix.Read(fd, greeting)
		require.NoError(t, err)
		assert.Equal(t, "*", string(greeting))
	}
	served.finish("")
	assert.Less(t, complaint.lines(), 20, "the log is flooded")
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
