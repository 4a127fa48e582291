//go:build unix

package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter07-async-handler/prime"
	"example.com/concurrent-network-server/chapter07-async-handler/server"
)

// startServer runs the server on a free port until the test ends, and returns the address.
func startServer(t *testing.T) string {
	return startServerWith(t, prime.IsPrimeContext)
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
