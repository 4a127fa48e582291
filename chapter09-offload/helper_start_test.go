package main

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/prime"
	"example.com/concurrent-network-server/chapter09-offload/server"
	"example.com/concurrent-network-server/chapter09-offload/worker"
)

// startServer runs the server on a free port until the test ends, and returns the address.
func startServer(t *testing.T) string {
	pool := worker.NewPool(worker.Options{Workers: 2, Threads: true})
	t.Cleanup(pool.Close)
	return listen(t, newServer(offload(pool, prime.IsPrimeContext)))
}

// startServerWith is startServer with another prime check.
func startServerWith(t *testing.T, check checkFunc) string {
	return listen(t, newServer(check))
}

// newServer returns a server without workers.
func newServer(check checkFunc) *server.Server {
	return &server.Server{Check: check, Grace: time.Minute}
}

// listen runs a server on a free port until the test ends, and returns the address.
func listen(t *testing.T, srv *server.Server) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := run(t.Context(), srv, ln)
	t.Cleanup(func() { assert.NoError(t, <-done) })
	return ln.Addr().String()
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
