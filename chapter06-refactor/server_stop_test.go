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

// TestStopBetweenChecks proves that a server which is told to stop begins no further
// check, though five clients have asked for five each.
func TestStopBetweenChecks(t *testing.T) {
	gate := newGate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(gate.check).Serve(ctx, ln) }()
	var clients []*client
	for range 5 {
		clients = append(clients, greeted(t, ln.Addr().String()))
	}
	for _, c := range clients {
		c.send(strings.Repeat(large, 5))
	}
	<-gate.entered

	cancel()
	gate.open()
	assert.NoError(t, <-done)
	assert.Empty(t, gate.entered, "another check has begun")
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
