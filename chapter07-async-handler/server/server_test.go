//go:build unix

package server

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/async"
	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/socket"
)

// blind is a poller that can't watch one descriptor.
type blind struct {
	poller.Poller
	fd int
}

func (b *blind) Watch(fd int, want poller.Want) error {
	if fd == b.fd {
		return errors.New("can't watch")
	}
	return b.Poller.Watch(fd, want)
}

// TestDeaf proves that a server which has lost the task that accepts clients ends with an
// error, and does not live on without clients.
func TestDeaf(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listener, err := socket.TakeOver(ln)
	require.NoError(t, err)
	p, err := poller.New(poller.Default)
	require.NoError(t, err)
	defer p.Close()
	loop, err := async.NewLoop(&blind{p, listener})
	require.NoError(t, err)
	defer loop.Close()
	assert.Equal(t, errDeaf, new(Server).run(t.Context(), loop, listener))
}

// curious is a poller that counts how often the loop waits, and looks at the sockets that it
// watches.
type curious struct {
	poller.Poller
	waits   int
	noDelay map[int]int // by descriptor
}

func (c *curious) Watch(fd int, want poller.Want) error {
	if value, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY); err == nil {
		c.noDelay[fd] = value
	}
	return c.Poller.Watch(fd, want)
}

func (c *curious) Wait(ready []int) ([]int, error) {
	c.waits++
	return c.Poller.Wait(ready)
}

// TestClient looks at the loop while one client asks for a thousand cheap checks in one segment.
// Its socket is tuned: without TCP_NODELAY, a reply waits until the one before it is acknowledged,
// 40 ms. And it has its replies after one turn: a round of the loop costs more than a cheap check.
func TestClient(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := ln.Addr().String()
	listener, err := socket.TakeOver(ln)
	require.NoError(t, err)
	p, err := poller.New(poller.Default)
	require.NoError(t, err)
	defer p.Close()
	watched := &curious{Poller: p, noDelay: map[int]int{}}
	loop, err := async.NewLoop(watched)
	require.NoError(t, err)
	defer loop.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	odd := func(_ context.Context, n uint64) (bool, error) { return n%2 == 1, nil }
	go func() { done <- (&Server{Check: odd}).run(ctx, loop, listener) }()

	client, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer client.Close()
	const checks = 1000
	_, err = io.WriteString(client, strings.Repeat("^P7$", checks))
	require.NoError(t, err)
	replies := make([]byte, len("*")+checks*len("prime\n"))
	_, err = io.ReadFull(client, replies)
	require.NoError(t, err)
	cancel()
	assert.NoError(t, <-done)
	assert.Less(t, watched.waits, 100, "rounds of the loop for a thousand cheap checks in one segment")
	delete(watched.noDelay, listener)
	assert.Len(t, watched.noDelay, 1)
	for _, value := range watched.noDelay {
		assert.NotZero(t, value, "a client's replies wait until the one before is acknowledged")
	}
}
