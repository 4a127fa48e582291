package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"time"
)

// A Server serves one client at a time.
type Server struct {
	// Check reports whether n is prime, or returns ctx's error if ctx is done.
	Check func(ctx context.Context, n uint64) (bool, error)
}

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. If somebody else closes ln, Serve returns ln's error.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	for ctx.Err() == nil {
		conn, err := acceptRetry(ctx, ln)
		if err == nil {
			s.serve(ctx, conn)
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
		log.Printf("%v; retrying in %v", err, delay)
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// serve serves one client and closes its connection, at once if ctx is done.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	check := func(n uint64) (bool, error) { return s.Check(ctx, n) }
	if err := Handle(conn, check); err != nil && ctx.Err() == nil {
		log.Print(err)
	}
	hangUp(conn)
}

// lingerTime is how long the server waits for a client to hang up after the reply.
const lingerTime = 500 * time.Millisecond

// hangUp tells the client that no more replies will come and discards what it still
// sends. Closing a connection with unread input resets it, and the client may lose
// a reply that is still on its way.
func hangUp(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.CloseWrite()
		tcp.SetReadDeadline(time.Now().Add(lingerTime))
		io.Copy(io.Discard, tcp)
	}
}
