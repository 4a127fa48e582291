package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"example.com/concurrent-network-server/clients/internal/script"
)

const (
	// patience is for a connection, and for a server to take what a client sends.
	patience = 10 * time.Second

	// pace is how often a client takes note of a reply that is not whole yet.
	pace = 100 * time.Millisecond

	// shown is how much of what is sent or received an event quotes.
	shown = 48
)

// A client is a connection of the lab. It takes note of all that happens to it.
type client struct {
	number int // from 1
	server *server
	*net.TCPConn

	mu     sync.Mutex
	owed   owed
	left   bool      // it has hung up by itself
	part   int       // bytes of a reply that nobody has heard of
	quote  []byte    // the first of them
	partAt time.Time // when it was last told
}

// note tells of the client. Where it may have asked, the caller holds the lock.
func (c *client) note(kind Kind, n int, text string) {
	c.server.add(Event{Client: c.number, Kind: kind, Bytes: n, Text: text, Middle: kind == Answered && c.owed.state != between})
}

// connect connects a client. The kernel does its part of it before the server accepts.
func (s *server) connect(ctx context.Context, name string) (*client, error) {
	c, err := s.newClient(name)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(ctx, "tcp", s.process.Addr)
	if err != nil {
		c.note(Broken, 0, reason(err))
		return nil, fmt.Errorf("%s has no connection: %w", name, err)
	}
	c.TCPConn = conn.(*net.TCPConn)
	context.AfterFunc(s.ctx, func() { conn.Close() })
	return c, s.enter(c)
}

// open is connect for a client that reads what it is sent.
func (s *server) open(ctx context.Context, name string) (*client, error) {
	c, err := s.connect(ctx, name)
	if err == nil {
		s.work.Go(c.read)
	}
	return c, err
}

// read reads until one of both hangs up.
func (c *client) read() {
	buf := make([]byte, 64<<10)
	greeted := false
	for {
		n, err := c.Read(buf)
		data := buf[:n]
		if n > 0 && !greeted {
			greeted = true
			c.note(Greeted, 0, quote(data[:1]))
			data = data[1:]
		}
		c.take(data)
		if err != nil {
			c.end(err)
			return
		}
	}
}

// take tells of a whole reply at once, and of a part from time to time.
func (c *client) take(data []byte) {
	if len(data) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	waited := !c.owed.nothing()
	c.owed.received(data)
	c.part += len(data)
	c.quote = append(c.quote, data[:min(len(data), shown+1-min(shown+1, len(c.quote)))]...)
	kind := Part
	if waited && c.owed.nothing() {
		kind = Answered
	} else if time.Since(c.partAt) < pace {
		return
	}
	c.note(kind, c.part, quote(c.quote))
	c.part, c.quote, c.partAt = 0, nil, time.Now()
}

// end tells how the conversation has ended, if the client has not ended it itself.
func (c *client) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.Close()
	switch {
	case c.left || c.server.ctx.Err() != nil:
	case reason(err) == "EOF":
		c.note(Closed, 0, "")
	default:
		c.note(Broken, 0, reason(err))
	}
	c.left = true
}

// send sends something. Afterwards the client waits if a reply is owed to it.
func (c *client) send(data string) error {
	c.mu.Lock()
	c.owed.sent([]byte(data))
	c.server.add(Event{Client: c.number, Kind: Sent, Bytes: len(data), Text: quote([]byte(data)), State: c.owed.parser()})
	if c.owed.nothing() {
		c.note(Answered, 0, "") // no reply is due yet, or none at all
	}
	c.mu.Unlock()
	c.SetWriteDeadline(time.Now().Add(patience))
	_, err := c.Write([]byte(data))
	return c.explain(err)
}

// waits reports whether a reply is owed to the client, and may still come.
func (c *client) waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.left && !c.owed.nothing()
}

// explain puts a name to an error, unless the client has left: that is what it wanted.
func (c *client) explain(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || c.left || c.server.ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("client %d: %s", c.number, reason(err))
}

// leave hangs up.
func (c *client) leave(how string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return
	}
	c.left = true
	c.note(Left, 0, how)
	c.Close()
}

// quote shows the first bytes as Go would write them, without the quotation marks.
func quote(data []byte) string {
	end := ""
	if len(data) > shown {
		data, end = data[:shown], "..."
	}
	text := strconv.Quote(string(data))
	return text[1:len(text)-1] + end
}

// reason is an error without the addresses, which are the lab's own.
func reason(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err.Error()
	}
	return err.Error()
}

// follow tells what a client of the script of three has done or seen.
func (c *client) follow(e script.Event, request string) {
	switch e.Stage {
	case script.Greeted:
		c.note(Greeted, 0, "*")
	case script.Asked:
		c.note(Sent, len(request), request)
	case script.Answered:
		c.note(Answered, len(e.Reply), e.Reply)
		c.note(Left, 0, "")
	}
}
