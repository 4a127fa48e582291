package conform

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// halfClose shuts down the sending side.
func (p *peer) halfClose() {
	if !p.failed() {
		p.record.note("we send no more")
		p.conn.CloseWrite()
	}
}

// lastWords sends a stream, shuts down the sending side at once, and expects the replies
// and the end.
func lastWords(stream string, want reply) func(*exam) {
	return func(x *exam) {
		p := x.client()
		p.send(stream)
		p.halfClose()
		p.expect(want)
		p.closed()
	}
}

var halfCloseCases = []Case{
	{Name: "without a request", Run: lastWords("", nil)},
	{Name: "after a request", Run: lastWords("^a$", text("b"))},
	{Name: "after a number", Run: lastWords("^P7$", text("prime\n"))},
	{Name: "after 200 requests", For: sessions, Run: func(x *exam) {
		stream := strings.Repeat("^abc$^d$", 100)
		lastWords(stream, repliesTo(stream))(x)
	}},
	{Name: "after numbers and errors", For: sessions, Run: func(x *exam) {
		stream := strings.Repeat("^P7$^Px$", 50)
		lastWords(stream, repliesTo(stream))(x)
	}},
	{Name: "while it checks", Slow: true, LongCheck: true, Run: func(x *exam) {
		lastWords(x.longRequest(), text("prime\n"))(x)
	}},
	{Name: "while it checks, with more to come", For: sessions, Slow: true, LongCheck: true, Run: func(x *exam) {
		stream := x.longRequest() + "^a$^P7$"
		lastWords(stream, repliesTo(stream))(x)
	}},
	{Name: "inside an echo", For: sessions, Run: lastWords("^a$^bc", text("bcd"))},
	{Name: "inside a number", For: sessions, Run: lastWords("^a$^P7", text("b"))},
	{Name: "inside a frame", For: single, Run: lastWords("^bc", nil)},
}

var vanishCases = []Case{
	{Name: "close without a request", Run: gone(20, "", (*peer).close)},
	{Name: "close without reading", Run: gone(20, "^a$^P7$^b$", (*peer).close)},
	{Name: "close inside a frame", Run: func(x *exam) {
		for _, half := range []string{"^", "^a", "^P", "^P12"} {
			gone(5, half, (*peer).close)(x)
			p := x.client()
			p.send("3$^a$")
			p.expect(text("b"))
			p.leave()
		}
	}},
	{Name: "reset before a request", Run: gone(20, "", (*peer).reset)},
	{Name: "reset inside a request", Run: gone(20, "^P12", (*peer).reset)},
	{Name: "reset after a request", Run: gone(20, "^a$^P7$^b$", (*peer).reset)},
	{Name: "reset while it checks", Slow: true, LongCheck: true, Run: func(x *exam) {
		gone(2, x.longRequest(), (*peer).reset)(x)
	}},
	{Name: "200 who come and go", Run: func(x *exam) {
		each(10, func(int) {
			for range 20 {
				p := x.connect()
				p.close()
			}
		})
	}},
}

// gone lets clients send something and leave, one after the other, some of them before the
// greeting.
func gone(clients int, stream string, leave func(*peer)) func(*exam) {
	return func(x *exam) {
		for i := range clients {
			p := x.connect()
			if i%2 == 0 {
				p.expect(text(x.greeting))
			}
			p.send(stream)
			if i%4 < 2 {
				x.pause()
			}
			leave(p)
		}
	}
}

var paceCases = []Case{
	{Name: "a client that does not read", Slow: true, For: sessions, Run: func(x *exam) {
		x.deaf("^", digits, echoDigits, "$")
	}},
	{Name: "numbers of a client that does not read", Slow: true, For: sessions, Run: func(x *exam) {
		x.deaf("", strings.Repeat("^P7$", 1000), strings.Repeat("prime\n", 1000), "")
	}},
	{Name: "a slow reader", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.slow = time.Millisecond
		p.exchange("^"+digits+"$", 1, text(echoDigits))
		p.ask("^ok$")
		p.finish()
	}},
}

const (
	socketBuffer = 32 << 10
	maxTaken     = 64 << 20 // a server that takes more from a client that does not read takes everything
)

// deaf sends and does not read until the server takes no more. Then it wants all replies.
func (x *exam) deaf(begin, unit, echo, end string) {
	p := x.client()
	p.send(begin)
	if p.failed() {
		return
	}
	p.conn.SetReadBuffer(socketBuffer)
	p.conn.SetWriteBuffer(socketBuffer)
	before, known := x.resident()
	taken, stalled := p.push(unit)
	if !stalled {
		p.fail(fmt.Sprintf("the server took %d MiB from a client that does not read", taken>>20))
		return
	}
	x.bounded(before, known)
	if x.AtOnce != 1 {
		x.othersServed()
	}
	whole, part := taken/len(unit), taken%len(unit)
	owed := reply{{text: echo, times: whole}}
	p.exchange(unit[part:]+end, 1, append(owed, text(echo)...))
	p.ask("^ok$")
	p.finish()
}

// push writes a unit again and again until the server takes no more. It returns how many
// bytes were taken.
func (p *peer) push(unit string) (taken int, stalled bool) {
	for taken < cmp.Or(p.options.maxTaken, maxTaken) {
		p.conn.SetWriteDeadline(time.Now().Add(5*more + 10*p.roundTrip))
		n, err := io.WriteString(p.conn, unit[taken%len(unit):])
		taken += n
		if err != nil {
			p.record.sent(unit, taken/len(unit))
			p.record.note(fmt.Sprintf("%s, after %d bytes", cause(err), taken))
			return taken, errors.Is(err, os.ErrDeadlineExceeded)
		}
	}
	return taken, false
}

// othersServed lets another client ask while one does not read.
func (x *exam) othersServed() {
	x.meanwhile("while another client does not read: ")
	defer x.meanwhile("")
	p := x.client()
	p.ask("^ok$")
	p.finish()
}
