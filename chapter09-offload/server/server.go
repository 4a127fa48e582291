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
)

// A Check reports whether a number is prime, or ctx's error if ctx is done before it knows.
type Check func(ctx context.Context, n uint64) (bool, error)

// A Server serves every client at once. For its limits and timeouts, 0 means none.
type Server struct {
	IsPrime      func(uint64) bool // for a number below cheap
	Offload      Check             // for any other
	MaxConns     int               // how many clients are served at a time
	IdleTimeout  time.Duration     // how long a client may be silent
	WriteTimeout time.Duration     // how long a client may take to accept a reply
	Grace        time.Duration     // how long Serve waits for requests in flight
}

// Serve serves the clients of ln until ctx is done. Then it closes ln, answers the
// requests in flight, closes every connection and returns nil, or an error if it had to
// cut clients off after Grace. If ln fails, Serve returns ln's error.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	clients := newClients(s.MaxConns)
	err := s.accept(ctx, ln, clients)
	return errors.Join(err, clients.drain(s.Grace))
}

// accept starts a goroutine for each client, until ctx is done. A client for whom there
// is no room waits in the kernel's backlog.
func (s *Server) accept(ctx context.Context, ln net.Listener, clients *clients) error {
	for clients.room.Acquire(ctx, 1) == nil {
		conn, err := accept(ctx, ln)
		if err == nil {
			clients.Go(newConn(conn, s.IdleTimeout, s.WriteTimeout), s.serve)
		} else if ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// accept waits for the next client. It sits out errors that pass, such as a lack of
// file descriptors, in the way of net/http.
func accept(ctx context.Context, ln net.Listener) (net.Conn, error) {
	for delay := 5 * time.Millisecond; ; delay = min(2*delay, time.Second) {
		conn, err := ln.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return conn, err
		}
		slog.Warn("accept failed", "err", err, "retry", delay)
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// serve serves one client.
func (s *Server) serve(c *conn) {
	defer survive(c)
	isPrime := func(n uint64) bool { return s.check(c, n) }
	if err := handler.Handle(c, isPrime); err != nil {
		logFailure(c, err)
	}
}

// cheap is the number below which a check takes less time than to hand it over.
const cheap = 1 << 20

// check checks a number for a client. When the client has gone, the check is abandoned.
func (s *Server) check(c *conn, n uint64) bool {
	if n < cheap {
		return s.IsPrime(n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.watch(ctx, cancel)
	isPrime, err := s.Offload(ctx, n)
	if err != nil {
		c.Close() // so that what follows is no wrong answer
	}
	return isPrime
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
