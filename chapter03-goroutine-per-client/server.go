package main

import (
	"context"
	"errors"
	"log"
	"net"
	"sync"
	"time"
)

// A Server serves every client at once.
type Server struct {
	// Check reports whether n is prime, or returns ctx's error if ctx is done.
	Check func(ctx context.Context, n uint64) (bool, error)
}

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. If somebody else closes ln, Serve returns ln's error when
// its clients have left.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	var clients sync.WaitGroup
	defer clients.Wait()
	for ctx.Err() == nil {
		conn, err := acceptRetry(ctx, ln)
		if err == nil {
			clients.Go(func() { s.serve(ctx, conn) })
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
}
