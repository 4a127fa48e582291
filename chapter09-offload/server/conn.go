package server

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	// drainPause is how long, when the server stops, a request may still be on its way.
	drainPause = 100 * time.Millisecond
	// lastInput is how many bytes of what has arrived by then are still read.
	lastInput = 1 << 20
	// lingerTime is how long the server waits for a client to hang up after the replies.
	lingerTime = 500 * time.Millisecond
)

// conn is a connection with timeouts. Setting a deadline costs as much as parsing a
// request, so conn sets none before a call: it lets an old one pass, and then looks
// whether it still means anything.
type conn struct {
	net.Conn
	idle, write time.Duration

	mu       sync.Mutex // held while the read deadline is set
	inputEnd time.Time  // zero until the server stops

	ended bool // the input has ended: only the last of it is read
	left  int  // how many bytes of that may still be read

	timedOut bool // the client has been silent, or has taken nothing, for too long
}

func newConn(inner net.Conn, idle, write time.Duration) *conn {
	c := &conn{Conn: inner, idle: idle, write: write, left: lastInput}
	c.extend(time.Now())
	if write > 0 {
		c.SetWriteDeadline(time.Now().Add(write))
	}
	return c
}

// Read returns io.EOF when the client has been silent for too long, or when the server
// stops and has read what had arrived.
func (c *conn) Read(p []byte) (int, error) {
	for begin := time.Now(); !c.ended; {
		n, err := c.Conn.Read(p)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		switch end, stopping := c.extend(begin); {
		case time.Now().Before(end): // the old deadline meant nothing
		case stopping:
			c.ended = true
		default:
			c.timedOut = true
			return 0, io.EOF
		}
	}
	return c.readLast(p)
}

// extend sets the deadline of a read that began then, and returns it.
func (c *conn) extend(begin time.Time) (end time.Time, stopping bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stopping = !c.inputEnd.IsZero()
	switch {
	case stopping:
		end = c.inputEnd
	case c.idle > 0:
		end = begin.Add(c.idle)
	}
	c.SetReadDeadline(end)
	return end, stopping
}

// stopInput makes the input end at that time.
func (c *conn) stopInput(end time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inputEnd = end
	c.SetReadDeadline(end)
}

// readLast reads what had arrived when the input ended, or comes within drainPause, and then
// returns io.EOF. It doesn't read for ever.
func (c *conn) readLast(p []byte) (int, error) {
	p = p[:min(len(p), c.left)]
	if len(p) == 0 {
		return 0, io.EOF
	}
	c.SetReadDeadline(time.Now().Add(drainPause))
	n, err := c.Conn.Read(p)
	c.left -= n
	if n < len(p) {
		c.left = 0
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = io.EOF
	}
	return n, err
}

// Write fails when the client does not take p within the write timeout.
func (c *conn) Write(p []byte) (int, error) {
	sent, err := c.Conn.Write(p)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return sent, err
	}
	c.SetWriteDeadline(time.Now().Add(c.write)) // the old one was an earlier write's
	n, err := c.Conn.Write(p[sent:])
	c.timedOut = errors.Is(err, os.ErrDeadlineExceeded)
	return sent + n, err
}

// hangUp tells the client that no more replies will come and discards what it still
// sends. Closing a connection with unread input resets it, and the client may lose
// a reply that is still on its way.
func hangUp(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.CloseWrite()
		tcp.SetReadDeadline(time.Now().Add(lingerTime))
		discard(tcp)
	}
}

// discard reads to the end. io.Copy would take 8 KiB for that, and a server that stops does
// it for all clients at once.
func discard(r io.Reader) {
	buf := make([]byte, 512)
	for err := error(nil); err == nil; {
		_, err = r.Read(buf)
	}
}

// reset throws away what a client has not taken. The kernel would keep it for minutes,
// megabytes of it, for a connection that counts as closed.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
}
