package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

// Expect waits for a reply and compares it. It returns when its last bytes came.
func (c *Client) Expect(want Reply) time.Time {
	m := matcher{left: want}
	limit := c.limit(want) + c.Queue
	for !m.over() && !c.Failed() {
		if err := c.fill(limit); err != nil {
			c.broken(m.rest(), missing(err, limit, m.rest()))
			break
		}
		n := m.take(c.unread)
		c.accept(n)
		if len(c.unread) > 0 && !m.over() {
			c.broken(m.rest(), "wrong from here on")
		}
	}
	return c.Last
}

// missing says why bytes that are awaited do not come.
func missing(err error, limit time.Duration, awaited string) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("nothing came for %s; still awaited: %s", human.Duration(limit), show(awaited, false))
	}
	return cause(err) + " too early"
}

// The buffer grows when it was full.
const (
	minBuffer = 512
	maxBuffer = 32 << 10
)

// fill waits for bytes, if there are none to compare.
func (c *Client) fill(limit time.Duration) error {
	if len(c.unread) > 0 {
		return nil
	}
	if n := len(c.buf); n == 0 || c.full && n < maxBuffer { // most clients of a crowd get little
		c.buf = make([]byte, max(minBuffer, 4*n))
	}
	time.Sleep(c.Slow)
	buf := c.buf
	if c.Slow > 0 {
		buf = buf[:min(len(buf), 4<<10)]
	}
	c.conn.SetReadDeadline(time.Now().Add(limit))
	n, err := c.conn.Read(buf)
	if n == 0 {
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			c.record.note(cause(err))
		}
		return err
	}
	c.full = n == len(buf)
	c.Last = time.Now()
	c.heard = true
	c.unread = buf[:n]
	c.record.came(string(c.unread))
	return nil
}

// accept takes bytes that are right.
func (c *Client) accept(n int) {
	c.accepted.add(c.unread[:n])
	c.unread = c.unread[n:]
}

// Quiet expects that nothing comes for a while and that the connection stays open.
func (c *Client) Quiet(d time.Duration) {
	if c.Failed() {
		return
	}
	err := c.fill(d)
	if err == nil {
		c.broken("", "nothing should come here")
	} else if !errors.Is(err, os.ErrDeadlineExceeded) {
		c.broken("", cause(err)+", but the session is not over")
	}
}

// Silent reports whether nothing comes for a while and the connection stays open.
func (c *Client) Silent(d time.Duration) bool {
	return !c.Failed() && errors.Is(c.fill(d), os.ErrDeadlineExceeded)
}

// cause says in a few words why a call has failed.
func cause(err error) string {
	text := err.Error()
	switch {
	case err == io.EOF:
		return "the server closed the connection"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "the server takes no more"
	case strings.Contains(text, "reset"), strings.Contains(text, "forcibly closed"), strings.Contains(text, "aborted"): // on Windows
		return "the server reset the connection"
	}
	return strings.TrimSpace(text[strings.LastIndex(text, ":")+1:])
}
