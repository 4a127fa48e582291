package server

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// drainPause is how long a client has, when the server stops, until what it has sent
// must have arrived.
const drainPause = 100 * time.Millisecond

// conn is a connection with timeouts. To set a deadline costs as much as parsing a
// request, so conn sets none before a call: it lets an old one pass, and then looks
// whether it still means anything.
type conn struct {
	net.Conn
	idle, write time.Duration
	draining    atomic.Bool
	drained     bool // everything that had arrived is read
}

func newConn(inner net.Conn, idle, write time.Duration) *conn {
	c := &conn{Conn: inner, idle: idle, write: write}
	if idle > 0 {
		c.SetReadDeadline(time.Now().Add(idle))
	}
	if write > 0 {
		c.SetWriteDeadline(time.Now().Add(write))
	}
	return c
}

// Read returns io.EOF when the client has been silent for too long, or when the server
// stops and has read what had arrived.
func (c *conn) Read(p []byte) (int, error) {
	begin := time.Now()
	for !c.draining.Load() {
		n, err := c.Conn.Read(p)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		end := begin.Add(c.idle)
		if !c.draining.Load() && time.Until(end) <= 0 {
			return 0, io.EOF
		}
		c.SetReadDeadline(end) // drain sets its deadline after draining, and so after this
	}
	return c.readLast(p)
}

// readLast reads what has arrived, and then returns io.EOF.
func (c *conn) readLast(p []byte) (int, error) {
	if c.drained {
		return 0, io.EOF
	}
	c.SetReadDeadline(time.Now().Add(drainPause))
	n, err := c.Conn.Read(p)
	c.drained = n < len(p)
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
	return sent + n, err
}

// drain ends the input: Read returns what has arrived, and then io.EOF.
func (c *conn) drain() {
	c.draining.Store(true)
	c.SetReadDeadline(time.Now())
}
