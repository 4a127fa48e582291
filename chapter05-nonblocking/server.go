//go:build unix

package main

import (
	"bytes"
	"context"
	"log"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// A Server serves every client in the goroutine that calls Serve.
type Server struct {
	IsPrime func(uint64) bool
	Poller  string // see NewPoller
}

const (
	readSize   = 16 << 10    // how many bytes a client may send in one turn
	retryDelay = time.Second // after a failed accept
)

// loop is what one call of Serve works with.
type loop struct {
	isPrime  func(uint64) bool
	poller   Poller
	alarm    *alarm
	listener int
	conns    map[int]*conn // by descriptor
	in, out  []byte        // of the client whose turn it is
}

// conn is one client.
type conn struct {
	fd     int
	parser Parser
	unsent []byte // replies for which the socket had no room
}

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. If ln fails, Serve returns ln's error.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	listener, err := takeOver(ln)
	if err != nil {
		return err
	}
	defer unix.Close(listener)
	p, err := NewPoller(s.Poller)
	if err != nil {
		return err
	}
	defer p.Close()
	alarm, err := newAlarm()
	if err != nil {
		return err
	}
	defer alarm.Close()
	stop := context.AfterFunc(ctx, alarm.Ring)
	defer stop()

	l := &loop{
		isPrime:  s.IsPrime,
		poller:   p,
		alarm:    alarm,
		listener: listener,
		conns:    make(map[int]*conn),
		in:       make([]byte, readSize),
		out:      make([]byte, 0, readSize),
	}
	defer l.closeAll()
	return l.run(ctx)
}

// run gives each descriptor that is ready its turn.
func (l *loop) run(ctx context.Context) error {
	for _, fd := range []int{l.listener, l.alarm.fd} {
		if err := l.poller.Watch(fd, WantRead); err != nil {
			return err
		}
	}
	var ready []int
	for ctx.Err() == nil {
		var err error
		if ready, err = l.poller.Wait(ready[:0]); err != nil {
			return err
		}
		for _, fd := range ready {
			if err := l.turn(fd); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loop) turn(fd int) error {
	switch fd {
	case l.alarm.fd:
		if l.alarm.Rung() {
			return l.poller.Watch(l.listener, WantRead) // again, after a pause
		}
	case l.listener:
		return l.accept()
	default:
		c, ok := l.conns[fd]
		switch {
		case !ok: // closed in an earlier turn of this round
		case len(c.unsent) > 0:
			l.send(c, c.unsent)
		default:
			l.receive(c)
		}
	}
	return nil
}

// accept takes all clients that wait. It sits out errors that pass, such as a lack of
// file descriptors: the listener stays ready meanwhile, so it must not be watched.
func (l *loop) accept() error {
	for {
		fd, err := accept(l.listener)
		switch err {
		case nil:
			l.greet(fd)
		case unix.EAGAIN:
			return nil
		case unix.EINTR, unix.ECONNABORTED:
		default:
			log.Printf("accept: %v; retrying in %v", err, retryDelay)
			time.AfterFunc(retryDelay, l.alarm.Ring)
			return l.poller.Watch(l.listener, WantNothing)
		}
	}
}

func (l *loop) greet(fd int) {
	tune(fd)
	c := &conn{fd: fd}
	l.conns[fd] = c
	if err := l.poller.Watch(fd, WantRead); err != nil {
		l.drop(c, err)
		return
	}
	l.send(c, append(l.out[:0], Greeting...))
}

// receive answers what a client has sent since its last turn.
func (l *loop) receive(c *conn) {
	n, err := read(c.fd, l.in)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR: // not ready after all
	case err != nil || n == 0:
		l.drop(c, err)
	default:
		l.out = appendReplies(l.out[:0], &c.parser, l.in[:n], l.isPrime)
		l.send(c, l.out)
	}
}

// send sends what the socket takes and keeps the rest. Until that is sent, the client
// is not read from.
func (l *loop) send(c *conn, data []byte) {
	if len(data) == 0 {
		return
	}
	n, err := write(c.fd, data)
	if err == unix.EAGAIN || err == unix.EINTR {
		n, err = 0, nil
	}
	if err == nil {
		err = l.keep(c, data[n:])
	}
	if err != nil {
		l.drop(c, err)
	}
}

// keep keeps what is not sent, and waits for what comes next.
func (l *loop) keep(c *conn, unsent []byte) error {
	waited := len(c.unsent) > 0
	switch {
	case len(unsent) == 0 && waited:
		c.unsent = nil
		return l.poller.Watch(c.fd, WantRead)
	case len(unsent) > 0 && !waited:
		c.unsent = bytes.Clone(unsent) // l.out is the next client's
		return l.poller.Watch(c.fd, WantWrite)
	case waited:
		c.unsent = unsent
	}
	return nil
}

// drop closes a connection. The descriptor is forgotten first: from the moment it is
// closed, the kernel may give its number to the next client.
func (l *loop) drop(c *conn, err error) {
	if err != nil {
		log.Printf("client %d: %v", c.fd, err)
	}
	delete(l.conns, c.fd)
	l.poller.Forget(c.fd)
	unix.Close(c.fd)
}

func (l *loop) closeAll() {
	for _, c := range l.conns {
		unix.Close(c.fd)
	}
}
