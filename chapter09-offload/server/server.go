// Package server accepts clients and starts a goroutine for each.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime/debug"
	"time"

	"example.com/concurrent-network-server/chapter09-offload/handler"
	"example.com/concurrent-network-server/chapter09-offload/prime"
)

// A Check reports whether n is prime, or returns ctx's error if ctx is done.
type Check func(ctx context.Context, n uint64) (bool, error)

// A Server serves every client at once. For its limits and timeouts, 0 means none.
type Server struct {
	Check        Check
	MaxConns     int           // how many clients are served at a time
	IdleTimeout  time.Duration // how long a client may be silent
	WriteTimeout time.Duration // how long a client may take to accept a reply
	Grace        time.Duration // how long Serve waits for requests in flight
}

// Serve serves the clients of ln until ctx is done. Then it closes ln, answers the
// requests in flight, closes every connection and returns nil, or an error if it had to
// cut clients off after Grace. If somebody else closes ln, Serve answers the same way, and
// returns ln's error.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	inFlight, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	clients := newClients(s.MaxConns)
	err := s.accept(ctx, ln, clients, func(c *conn) { s.serve(inFlight, c) })
	return errors.Join(err, clients.drain(s.Grace))
}

// accept starts a goroutine for each client, until ctx is done. A client for whom there
// is no room waits in the kernel's backlog.
func (s *Server) accept(ctx context.Context, ln net.Listener, clients *clients, serve func(*conn)) error {
	for clients.enter(ctx) == nil {
		conn, err := acceptRetry(ctx, ln)
		if err == nil {
			clients.Go(newConn(conn, s.IdleTimeout, s.WriteTimeout), serve)
		} else if ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// acceptRetry waits for the next client. After an error, such as a lack of file
// descriptors, it pauses and tries again, until ctx is done or ln is closed.
func acceptRetry(ctx context.Context, ln net.Listener) (net.Conn, error) {
	for delay := 5 * time.Millisecond; ; delay = min(2*delay, time.Second) {
		conn, err := ln.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
			return conn, err
		}
		slog.Warn("accept failed", "err", err, "retry", delay)
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// serve serves one client. Its checks end with ctx.
func (s *Server) serve(ctx context.Context, c *conn) {
	defer survive(c)
	check := func(n uint64) (bool, error) { return s.check(ctx, c, n) }
	if err := handler.Handle(c, check); err != nil {
		logFailure(c, err)
	}
	hangUp(c.Conn)
	if c.timedOut {
		reset(c.Conn)
	}
}

// check has a number checked for a client. What a few divisions can tell doesn't queue
// behind what takes millions. When the client has gone, a long check is abandoned.
func (s *Server) check(ctx context.Context, c *conn, n uint64) (bool, error) {
	if isPrime, known := prime.Try(n); known {
		return isPrime, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := c.watch(cancel)
	defer stop()
	return s.Check(ctx, n)
}

// survive makes a panic cost this client its connection, and no other.
func survive(c *conn) {
	if p := recover(); p != nil {
		slog.Error("panic", "client", c.RemoteAddr(), "panic", p, "stack", string(debug.Stack()))
	}
}

func logFailure(c *conn, err error) {
	slog.Debug("connection failed", "client", c.RemoteAddr(), "err", err)
}
