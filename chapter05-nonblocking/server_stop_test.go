//go:build unix

package main

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStopBetweenChecks proves that a server which is told to stop in a check begins no
// other, though five clients have asked for five each. In one of two checks after another,
// at least, some of these clients have their turns in the same round.
func TestStopBetweenChecks(t *testing.T) {
	for _, last := range []int{11, 12} {
		assert.Equal(t, last, checksUntilStop(t, last))
	}
}

// checksUntilStop stops a server in the last check that it may make, and returns how many
// it has made.
func checksUntilStop(t *testing.T, last int) (made int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	sent, done := make(chan bool), make(chan error, 1)
	check := func(ctx context.Context, _ uint64) (bool, error) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		<-sent
		if made++; made == last {
			cancel()
		}
		return true, nil
	}
	go func() { done <- newServer(check).Serve(ctx, ln) }()
	var clients []*client
	for range 5 {
		clients = append(clients, greeted(t, ln.Addr().String()))
	}
	for _, c := range clients {
		c.send(strings.Repeat(large, 5))
	}
	close(sent)
	assert.NoError(t, <-done)
	return made
}

// TestStopWithoutDescriptors stops the server while a client waits for whom it has no
// descriptor. It ends, and says nothing more.
func TestStopWithoutDescriptors(t *testing.T) {
	complaint := captureLog(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(nil).Serve(ctx, ln) }()
	greeted(t, ln.Addr().String())
	late := []int{newSocket(t), newSocket(t), newSocket(t)}
	forbidDescriptors(t)
	for _, fd := range late {
		connectSocket(t, fd, ln.Addr().String())
	}
	complaint.wait()

	cancel()
	assert.NoError(t, <-done)
	assert.Less(t, complaint.lines(), 5, "the log is flooded")
}
