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
	place  int  // of those that are served, when it came
	gone   bool // does not take replies any more
}

const (
	outside = iota
	opened
	inEcho
	inNumber
)

func (v *session) serve() {
	defer v.hangUp()
	v.conn.SetNoDelay(!v.is("has Nagle's delays"))
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
	if v.is("keeps a frame open that fills the buffer") {
		buf = buf[:4096]
	}
	for {
		if v.is("hangs up on the silent inside a frame") && v.state != outside {
			v.conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		}
		if v.is("hangs up on the idle") {
			v.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		}
		n, err := v.conn.Read(buf)
		if err != nil {
			v.end(err)
			return
		}
		if v.is("forgets between reads") {
			v.state = outside
		}
		if v.is("is slow from client 1,001") && v.place > 1000 {
			time.Sleep(15 * time.Millisecond)
		}
		if !v.take(buf[:n]) {
			return
		}
		if v.is("keeps a frame open that fills the buffer") && n == len(buf) && buf[n-1] == '$' {
			v.state = inEcho
		}
		if v.is("loses what it owes at a half-close") && v.ends(buf, 5*time.Millisecond) ||
			v.is("loses a kilobyte at a half-close") && len(v.out) > 1024 && v.ends(buf, 50*time.Millisecond) {
			return
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
	for i, c := range in {
		if v.is("reads into one buffer for all") {
			c = v.fromShared(in, i)
		}
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
		v.newest.Load().conn.Write(v.out)
	default:
		if _, err := v.conn.Write(v.out); err != nil {
			v.gone = !v.is("checks for those who have left")
		}
	}
	v.out = v.out[:0]
}

func (v *session) tired() bool { return v.is("hangs up after 50 requests") && v.asked >= 50 }

func (v *session) hangUp() {
	if v.conn == nil {
		return
	}
	if v.is("resets in place of a close") {
		v.conn.SetLinger(0)
	}
	if v.is("does not close") {
		return
	}
	if v.is("closes late") {
		time.Sleep(150 * time.Millisecond)
	}
	if v.is("leaks a descriptor per client") {
		v.keep(v.conn)
		v.conn.CloseWrite()
		return
	}
	v.conn.Close()
}

// ends takes what still comes for a while, and reports whether the client sends no more.
func (v *session) ends(buf []byte, wait time.Duration) bool {
	defer v.conn.SetReadDeadline(time.Time{})
	for {
		v.conn.SetReadDeadline(time.Now().Add(wait))
		n, err := v.conn.Read(buf)
		if err != nil {
			return err == io.EOF
		}
		v.take(buf[:n])
	}
}

// end is how the server takes the end of a session.
func (v *session) end(err error) {
	switch {
	case err == io.EOF:
	case v.is("dies of a reset"):
		v.ln.Close()
	case v.is("leaks a descriptor per reset"):
		v.keep(v.conn)
		v.conn = nil
	}
	if v.is("leaks 64 KiB per client") {
		v.keep(bytes.Repeat([]byte("x"), 64<<10))
	}
}

// fromShared returns a byte of what was read, from the buffer that all clients share.
func (v *session) fromShared(in []byte, i int) byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i == 0 {
		copy(v.shared[:], in)
	}
	return v.shared[i]
}
