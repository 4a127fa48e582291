//go:build unix

package server

import (
	"errors"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
