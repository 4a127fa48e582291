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
	IsPrime func(uint64) bool
	Poller  string // see poller.New
}

const retryDelay = time.Second // after a failed accept

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. If ln fails, Serve returns ln's error.
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
	listener, err := socket.TakeOver(ln)
	if err != nil {
		return err
	}
	loop.Go(listener, func(ln *async.Socket) { s.accept(loop, ln) })
	return loop.Run(ctx)
}

// accept starts a task for each client. It sits out errors that pass, such as a lack
// of file descriptors.
func (s *Server) accept(loop *async.Loop, ln *async.Socket) {
	for {
		fd, err := ln.Accept()
		switch {
		case err == nil:
			socket.Tune(fd)
			loop.Go(fd, s.serve)
		case errors.Is(err, async.ErrStopped):
			return
		default:
			log.Printf("%v; retrying in %v", err, retryDelay)
			ln.Sleep(retryDelay)
		}
	}
}

// serve serves one client.
func (s *Server) serve(conn *async.Socket) {
	if err := handler.Handle(conn, s.IsPrime); err != nil && !errors.Is(err, async.ErrStopped) {
		log.Print(err)
	}
}
