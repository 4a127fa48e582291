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
	return startServerWith(t, prime.IsPrime)
}

// startServerWith is startServer with another prime check.
func startServerWith(t *testing.T, isPrime func(uint64) bool) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serve(t, ln, isPrime)
	return ln.Addr().String()
}

func newServer(isPrime func(uint64) bool) *server.Server {
	return &server.Server{IsPrime: isPrime, Grace: time.Minute}
}

// serve serves the clients of ln until the test ends.
func serve(t *testing.T, ln net.Listener, isPrime func(uint64) bool) {
	done := run(t.Context(), newServer(isPrime), ln)
	t.Cleanup(func() { assert.NoError(t, <-done) })
}

// run serves the clients of ln until ctx is done, and then sends what Serve returns.
func run(ctx context.Context, srv *server.Server, ln net.Listener) <-chan error {
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	return done
}
