package cases

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

// A session is a client that is served.
type session struct {
	*wrongServer
	conn   *net.TCPConn
	state  int
	digits []byte // without leading zeros, and no more than matter
	some   bool   // there are digits
	wrong  bool   // there is something else
	length int    // of the number
	frame  []byte // of a server that waits for the whole
	out    []byte
	queue  chan []byte // of a server that never waits for a client
	full   bool        // did not take the last reply
	asked  int
}

const (
	outside = iota
	opened
	inEcho
	inNumber
)

func (v *session) is(bug string) bool { return v.bug == bug }

func (v *session) serve() {
	defer v.hangUp()
	v.greet()
	if v.is("never waits for a client") {
		v.queue = make(chan []byte, 1<<12)
		var written sync.WaitGroup
		written.Go(func() {
			for b := range v.queue {
				v.conn.Write(b)
			}
		})
		defer written.Wait()
		defer close(v.queue)
	}
	buf := make([]byte, 32<<10)
	for {
		if v.is("hangs up on the idle") {
			v.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		}
		n, err := v.conn.Read(buf)
		if err != nil {
			if v.is("dies of a reset") && err != io.EOF {
				v.ln.Close()
			}
			return
		}
		if v.is("forgets between reads") {
			v.state = outside
		}
		if !v.take(buf[:n]) {
			return
		}
		if v.is("loses what it owes at a half-close") {
			v.conn.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
			if m, err := v.conn.Read(buf); err == io.EOF {
				return
			} else if m > 0 {
				v.take(buf[:m])
			}
			v.conn.SetReadDeadline(time.Time{})
		}
		v.flush()
	}
}

func (v *session) greet() {
	switch {
	case v.is("greets twice"):
		v.out = []byte("**")
	case v.is("greets with a newline"):
		v.out = []byte("*\n")
	case v.is("does not greet"):
	case v.is("greets late"):
		v.out = []byte("*")
		return
	default:
		v.out = []byte("*")
	}
	v.flush()
}

// take takes what was read, and reports whether the session goes on.
func (v *session) take(in []byte) bool {
	if v.is("computes to the end of what was read") || v.is("computes in the loop") {
		v.working <- struct{}{}
		defer func() { <-v.working }()
	}
	if v.is("answers only whole frames") {
		v.frame = append(v.frame, in...)
		end := bytes.LastIndexByte(v.frame, '$')
		in, v.frame = v.frame[:end+1], append([]byte(nil), v.frame[end+1:]...)
	}
	for _, c := range in {
		before := v.state
		if !v.take1(c) {
			v.flush()
			return false
		}
		if v.is("drops what follows in a segment") && before != outside && v.state == outside {
			return true
		}
	}
	return true
}

func (v *session) take1(c byte) bool {
	switch v.state {
	case outside:
		if c == '^' {
			v.state = opened
			v.length = 0
		}
	case opened:
		if c == '$' && v.is("crashes at an empty frame") {
			return false
		}
		if c == 'P' || c == 'p' && v.is("takes p for P") {
			v.state, v.digits, v.some, v.wrong = inNumber, nil, false, false
			return true
		}
		v.state = inEcho
		return v.echo(c)
	case inEcho:
		return v.echo(c)
	case inNumber:
		return v.digit(c)
	}
	return true
}

func (v *session) echo(c byte) bool {
	v.length++
	switch {
	case c == '$':
		v.state = outside
		v.asked++
		if v.is("ends an echo with a newline") {
			v.out = append(v.out, '\n')
		}
		return !v.tired()
	case c == 'P' && v.is("takes a later P for a number"):
		v.state, v.digits, v.some, v.wrong = inNumber, nil, false, false
	case c == '^' && v.is("begins anew at a ^"):
		v.state = opened
	case c == 255 && v.is("does not wrap"):
		v.out = append(v.out, 255)
	case v.length > 4096 && v.is("has a small buffer"):
	default:
		v.out = append(v.out, c+1)
	}
	return true
}

// flush writes what is ready.
func (v *session) flush() {
	if v.is("blocks all for one") {
		v.writing.Lock()
		defer v.writing.Unlock()
	}
	switch {
	case v.queue != nil:
		v.queue <- append([]byte(nil), v.out...)
	case v.is("throws away what does not fit"):
		room := 300 * time.Millisecond // for a busy machine
		if v.full {
			room = time.Millisecond
		}
		v.conn.SetWriteDeadline(time.Now().Add(room))
		_, err := v.conn.Write(v.out)
		v.full = err != nil
	case v.is("answers the newest client"):
		v.mu.Lock()
		conn := v.newest.conn
		v.mu.Unlock()
		conn.Write(v.out)
	default:
		v.conn.Write(v.out)
	}
	v.out = v.out[:0]
}

func (v *session) tired() bool { return v.is("hangs up after 50 requests") && v.asked >= 50 }

func (v *session) hangUp() {
	if v.is("resets in place of a close") {
		v.conn.SetLinger(0)
	}
	if v.is("does not close") {
		return
	}
	v.conn.Close()
}
