//go:build unix

package main

import (
	"context"
	"log"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// A Server serves every client in the goroutine that calls Serve.
type Server struct {
	// Check reports whether n is prime, or returns ctx's error if ctx is done.
	Check func(ctx context.Context, n uint64) (bool, error)
	// Poller is the name of a poller: see NewPoller.
	Poller string
}

const (
	readSize   = 16 << 10    // how many bytes a client may send in one turn
	acceptMany = 8           // how many clients may come in one turn
	retryDelay = time.Second // after a failed accept
)

// loop is what one call of Serve works with.
type loop struct {
	check    func(uint64) (bool, error)
	poller   Poller
	alarm    *alarm
	listener int
	conns    map[int]*conn // by descriptor
	in, out  []byte        // of the client whose turn it is
}

// conn is one client.
type conn struct {
	fd     int
	want   Want // what it waits for
	parser Parser
	number uint64 // what to check in the next turn, or 0
	rest   []byte // the input after the number
	unsent []byte // replies for which the socket had no room
}

// Serve serves the clients of ln until ctx is done; then it closes ln and every
// connection and returns nil. It returns an error if it can't begin, or can't wait.
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
		check:    func(n uint64) (bool, error) { return s.Check(ctx, n) },
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
		case !ok: // has left: no turn here makes another client leave
		case len(c.unsent) > 0:
			l.send(c, c.unsent)
		case c.number > 0:
			l.reply(c, nil)
		default:
			l.receive(c)
		}
	}
	return nil
}

// accept takes a few clients, so that a crowd at the door takes turns like everybody else.
// It retries after an error, such as a lack of file descriptors: the listener stays ready
// meanwhile, so it must not be watched.
func (l *loop) accept() error {
	for range acceptMany {
		fd, err := accept(l.listener)
		switch err {
		case nil:
			l.greet(fd)
		case unix.EAGAIN, unix.EINTR, unix.ECONNABORTED: // not ready after all
			return nil
		default:
			log.Printf("accept: %v; retrying in %v", err, retryDelay)
			time.AfterFunc(retryDelay, l.alarm.Ring)
			return l.poller.Watch(l.listener, WantNothing)
		}
	}
	return nil
}

func (l *loop) greet(fd int) {
	tune(fd)
	c := &conn{fd: fd}
	l.conns[fd] = c
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
		l.reply(c, l.in[:n])
	}
}

// reply sends what the server has to say to a client's input.
func (l *loop) reply(c *conn, in []byte) {
	out, err := c.answer(l.out[:0], in, l.check)
	if err != nil { // told to stop
		l.drop(c, nil)
		return
	}
	l.out = out
	l.send(c, out)
}

// send sends what the socket takes and keeps the rest. Until that is sent, the client
// is not read from.
func (l *loop) send(c *conn, data []byte) {
	n, err := 0, error(nil)
	if len(data) > 0 {
		n, err = write(c.fd, data)
	}
	if err == unix.EAGAIN || err == unix.EINTR {
		n, err = 0, nil
	}
	if err == nil {
		c.unsent = append([]byte(nil), data[n:]...) // a copy: l.out is the next client's
		err = l.watch(c)
	}
	if err != nil {
		l.drop(c, err)
	}
}

// watch waits for what a client needs for its next turn: room for a reply, if it has one
// coming, or else bytes to read.
func (l *loop) watch(c *conn) error {
	want := WantRead
	if len(c.unsent) > 0 || c.number > 0 {
		want = WantWrite
	}
	if want == c.want {
		return nil
	}
	c.want = want
	return l.poller.Watch(c.fd, want)
}

// drop closes a connection, and leaves nothing under the descriptor's number: from the moment
// it is closed, the kernel may give that to the next client.
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
