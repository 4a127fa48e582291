package conform

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

// expect waits for a reply and compares it. It returns when its last bytes came.
func (p *peer) expect(want reply) time.Time {
	m := matcher{left: want}
	limit := p.limit(want) + p.queue
	for !m.over() && !p.failed() {
		if err := p.fill(limit); err != nil {
			p.broken(m.rest(), missing(err, limit, m.rest()))
			break
		}
		n := m.take(p.unread)
		p.accept(n)
		if len(p.unread) > 0 && !m.over() {
			p.broken(m.rest(), "wrong from here on")
		}
	}
	return p.last
}

// missing says why bytes that are awaited do not come.
func missing(err error, limit time.Duration, awaited string) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("nothing came for %s; still awaited: %s", human.Duration(limit), show(awaited, false))
	}
	return cause(err) + " too early"
}

// fill waits for bytes, if there are none to compare.
func (p *peer) fill(limit time.Duration) error {
	if len(p.unread) > 0 {
		return nil
	}
	if p.buf == nil {
		p.buf = make([]byte, 32<<10)
	}
	time.Sleep(p.slow)
	buf := p.buf
	if p.slow > 0 {
		buf = buf[:4<<10]
	}
	p.conn.SetReadDeadline(time.Now().Add(limit))
	n, err := p.conn.Read(buf)
	if n == 0 {
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			p.record.note(cause(err))
		}
		return err
	}
	p.last = time.Now()
	p.unread = buf[:n]
	p.record.came(string(p.unread))
	return nil
}

// accept takes bytes that are right.
func (p *peer) accept(n int) {
	p.accepted.add(p.unread[:n])
	p.unread = p.unread[n:]
}

// quiet expects that nothing comes for a while and that the connection stays open.
func (p *peer) quiet(d time.Duration) {
	if p.failed() {
		return
	}
	err := p.fill(d)
	if err == nil {
		p.broken("", "nothing should come here")
	} else if !errors.Is(err, os.ErrDeadlineExceeded) {
		p.broken("", cause(err)+", but the session is not over")
	}
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
