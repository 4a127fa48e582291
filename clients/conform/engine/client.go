package engine

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

// A Client is a client under the control of a case. What it sends and gets is recorded.
// After the first failure of its case its methods do nothing, so a case need not look at
// each result. Only one goroutine at a time may read, and one write.
type Client struct {
	*Test
	conn     *net.TCPConn
	record   record
	buf      []byte
	unread   []byte        // in buf: has come and has not been compared
	Last     time.Time     // when the last bytes came
	Queue    time.Duration // how long others may be served before it
	accepted tail          // what was right
	Slow     time.Duration // how long it sleeps before it reads a little
	full     bool          // the last read has filled buf
	heard    bool          // something has come
	gone     bool          // it has left
	after    *departure    // of the client that left last before it connected
}

// connectTime is how long a connection may take: the kernel makes it, not the server.
const connectTime = 10 * time.Second

// Connect opens a connection. It does not wait for the greeting.
func (t *Test) Connect() *Client {
	c := &Client{Test: t, record: record{begin: time.Now()}, after: t.departed.Load()}
	t.add(c)
	if c.Failed() {
		return c
	}
	conn, err := net.DialTimeout("tcp", t.addr, max(t.Patience, connectTime))
	switch {
	case errors.Is(err, syscall.EMFILE):
		t.Skip("conform itself may not open so many connections (ulimit -n)")
		return c
	case err != nil:
		c.Fail("can't connect: " + cause(err))
		return c
	}
	c.conn = conn.(*net.TCPConn)
	c.record.note("connected")
	return c
}

// Client opens a connection and waits for the greeting: the one that this server has, so
// that a wrong greeting breaks the cases of the greeting and no others.
func (t *Test) Client() *Client {
	c := t.Connect()
	c.Expect(Text(t.Greeting))
	return c
}

// Send sends segments, each in a write of its own. An error is no failure yet: what the
// server has said before may be right, and if it is not, that tells more.
func (c *Client) Send(segments ...string) {
	for _, segment := range segments {
		if !c.Failed() {
			c.Write(segment, 1)
		}
	}
}

// Write sends a text many times.
func (c *Client) Write(text string, times int) {
	c.record.sent(text, times)
	for range times {
		c.conn.SetWriteDeadline(time.Now().Add(c.wait()))
		if _, err := io.WriteString(c.conn, text); err != nil {
			c.record.note("not all of it was sent: " + cause(err))
			return
		}
	}
}

// Exchange sends a text many times and reads meanwhile: both sides would wait for each
// other if it did not.
func (c *Client) Exchange(text string, times int, want Reply) {
	c.meanwhile(func() { c.Write(text, times) }, want)
}

// LastWords is Exchange with a client that then shuts down its sending side, without waiting
// for the reply.
func (c *Client) LastWords(text string, times int, want Reply) {
	c.meanwhile(func() {
		c.Write(text, times)
		c.HalfClose()
	}, want)
}

// meanwhile expects a reply while it sends.
func (c *Client) meanwhile(send func(), want Reply) {
	if c.Failed() {
		return
	}
	var sending sync.WaitGroup
	sending.Go(send)
	c.Expect(want)
	if c.Failed() {
		c.conn.Close()
	}
	sending.Wait()
}

// Ask sends requests in one segment and expects the replies. They begin outside a frame.
func (c *Client) Ask(requests string) {
	c.Send(requests)
	c.Expect(RepliesTo(requests))
}

// Finish shuts down the sending side, and expects that nothing more comes. How the server
// ends the connection is the concern of the half-close cases: what they find breaks no
// others.
func (c *Client) Finish() {
	c.HalfClose()
	c.Finished()
}

// Finished expects that nothing more comes, of a client that has shut down its sending side.
func (c *Client) Finished() {
	if c.closes {
		c.Closed()
		return
	}
	if !c.Failed() && c.fill(Moment/10) == nil {
		c.broken("", "nothing more should come")
	}
	c.Close()
}

// Leave ends a conversation whose last reply has come.
func (c *Client) Leave() {
	if c.OneRequest {
		c.Closed()
	} else {
		c.Finish()
	}
}

// Closed expects that the server closes the connection, and closes it too.
func (c *Client) Closed() {
	if c.Failed() {
		return
	}
	err := c.fill(c.wait())
	switch {
	case err == nil:
		c.broken("", "nothing more should come")
	case err != io.EOF && errors.Is(err, os.ErrDeadlineExceeded):
		c.broken("", fmt.Sprintf("the server does not close the connection for %s", human.Duration(c.wait())))
	case err != io.EOF:
		c.broken("", cause(err)+" in place of a close")
	}
	c.Close()
}

// HalfClose shuts down the sending side.
func (c *Client) HalfClose() {
	if !c.Failed() {
		c.record.note("we send no more")
		c.conn.CloseWrite()
	}
}

// Close closes the connection.
func (c *Client) Close() {
	if c.conn != nil {
		c.record.note("we close")
		c.leaves("closed its connection")
		c.conn.Close()
	}
}

// Reset closes the connection with a reset.
func (c *Client) Reset() {
	if c.conn != nil {
		c.record.note("we reset")
		c.leaves("reset its connection")
		c.conn.SetLinger(0)
		c.conn.Close()
	}
}
