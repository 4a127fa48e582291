package main

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter08-async-server/prime"
	"example.com/concurrent-network-server/chapter08-async-server/server"
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
