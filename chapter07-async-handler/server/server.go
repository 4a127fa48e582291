//go:build unix

// Package server accepts clients and starts a task for each.
package server

import (
	"context"
	"errors"
	"log"
	"net"
	"time"

	"example.com/concurrent-network-server/chapter07-async-handler/async"
	"example.com/concurrent-network-server/chapter07-async-handler/handler"
	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/socket"
)

// A Server serves every client in the goroutine that calls Serve.
type Server struct {
	// Check reports whether n is prime, or returns ctx's error if ctx is done.
	Check func(ctx context.Context, n uint64) (bool, error)
	// Poller is the name of a poller: see poller.New.
	Poller string
}

const (
	acceptMany = 8           // how many clients may come in one turn
	retryDelay = time.Second // after a failed accept
)

// errDeaf ends a loop that has lost the task that accepts clients.
var errDeaf = errors.New("the server can't accept clients any more")

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. It returns an error if it can't begin, wait or accept.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	p, err := poller.New(s.Poller)
	if err != nil {
		return err
	}
	defer p.Close()
	loop, err := async.NewLoop(p)
	if err != nil {
		return err
	}
	defer loop.Close()
	listener, err := socket.TakeOver(ln)
	if err != nil {
		return err
	}
	return s.run(ctx, loop, listener)
}

// run serves the clients of a listener in a loop.
func (s *Server) run(ctx context.Context, loop *async.Loop, listener int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	serve := func(conn *async.Socket) { s.serve(ctx, conn) }
	loop.Go(listener, func(ln *async.Socket) {
		defer cancel(errDeaf)
		accept(loop, ln, serve)
	})
	err := loop.Run(ctx)
	if err == nil && context.Cause(ctx) == errDeaf {
		err = errDeaf
	}
	return err
}

// accept starts a task for each client. After an error, such as a lack of file
// descriptors, it pauses and tries again.
func accept(loop *async.Loop, ln *async.Socket, serve func(*async.Socket)) {
	fds := make([]int, acceptMany)
	for {
		n, err := ln.Accept(fds)
		for _, fd := range fds[:n] {
			socket.Tune(fd)
			loop.Go(fd, serve)
		}
		switch {
		case err == nil:
		case errors.Is(err, async.ErrStopped):
			return
		default:
			log.Printf("%v; retrying in %v", err, retryDelay)
			ln.Sleep(retryDelay)
		}
	}
}

// serve serves one client. Before a check that takes longer than a write, the others have
// their turns.
func (s *Server) serve(ctx context.Context, conn *async.Socket) {
	check := func(n uint64) (bool, error) {
		if n >= handler.Cheap {
			if err := conn.Yield(); err != nil {
				return false, err
			}
		}
		return s.Check(ctx, n)
	}
	if err := handler.Handle(conn, check); err != nil && ctx.Err() == nil {
		log.Print(err)
	}
}
