package conform

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

// A peer is a client under the control of a case. What it sends and gets is recorded.
// After the first failure of its case its methods do nothing, so a case need not look at
// each result. Only one goroutine at a time may read, and one write.
type peer struct {
	*exam
	conn     *net.TCPConn
	record   record
	buf      []byte
	unread   []byte        // in buf: has come and has not been compared
	last     time.Time     // when the last bytes came
	queue    time.Duration // how long others may be served before it
	accepted tail          // what was right
	slow     time.Duration // how long it sleeps before it reads a little
}

// connectTime is how long a connection may take: the kernel makes it, not the server.
const connectTime = 10 * time.Second

// connect opens a connection. It does not wait for the greeting.
func (x *exam) connect() *peer {
	p := &peer{exam: x, record: record{begin: time.Now()}}
	x.add(p)
	if p.failed() {
		return p
	}
	conn, err := net.DialTimeout("tcp", x.addr, max(x.patience, connectTime))
	if err != nil {
		p.fail("can't connect: " + cause(err))
		return p
	}
	p.conn = conn.(*net.TCPConn)
	p.record.note("connected")
	return p
}

// client opens a connection and waits for the greeting: the one that this server has, so
// that a wrong greeting breaks the cases of the greeting and no others.
func (x *exam) client() *peer {
	p := x.connect()
	p.expect(text(x.greeting))
	return p
}

// send sends segments, each in a write of its own. An error is no failure yet: what the
// server has said before may be right, and if it is not, that tells more.
func (p *peer) send(segments ...string) {
	for _, segment := range segments {
		if !p.failed() {
			p.write(segment, 1)
		}
	}
}

// write sends a text many times.
func (p *peer) write(text string, times int) {
	p.record.sent(text, times)
	for range times {
		p.conn.SetWriteDeadline(time.Now().Add(p.wait()))
		if _, err := io.WriteString(p.conn, text); err != nil {
			p.record.note("not all of it was sent: " + cause(err))
			return
		}
	}
}

// exchange sends a text many times and reads meanwhile: both sides would wait for each
// other if it did not.
func (p *peer) exchange(text string, times int, want reply) {
	if p.failed() {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.write(text, times)
	}()
	p.expect(want)
	if p.failed() {
		p.conn.Close()
	}
	<-done
}

// ask sends requests in one segment and expects the replies. They begin outside a frame.
func (p *peer) ask(requests string) {
	p.send(requests)
	p.expect(repliesTo(requests))
}

// finish shuts down the sending side, and expects that nothing more comes. How the server
// ends the connection is the concern of the half-close cases: what they find breaks no
// others.
func (p *peer) finish() {
	p.halfClose()
	if p.closes {
		p.closed()
		return
	}
	if !p.failed() && p.fill(more/10) == nil {
		p.broken("", "nothing more should come")
	}
	p.close()
}

// closed expects that the server closes the connection, and closes it too.
func (p *peer) closed() {
	if p.failed() {
		return
	}
	err := p.fill(p.wait())
	switch {
	case err == nil:
		p.broken("", "nothing more should come")
	case err != io.EOF && errors.Is(err, os.ErrDeadlineExceeded):
		p.broken("", fmt.Sprintf("the server does not close the connection for %s", human.Duration(p.wait())))
	case err != io.EOF:
		p.broken("", cause(err)+" in place of a close")
	}
	p.close()
}

// close closes the connection.
func (p *peer) close() {
	if p.conn != nil {
		p.record.note("we close")
		p.conn.Close()
	}
}

// reset closes the connection with a reset.
func (p *peer) reset() {
	if p.conn != nil {
		p.record.note("we reset")
		p.conn.SetLinger(0)
		p.conn.Close()
	}
}

// failed reports whether the case has failed, with this client or another.
func (p *peer) failed() bool { return p.exam.failure() != nil }
