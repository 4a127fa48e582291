package conform

import (
	"fmt"
	"strings"
	"time"
)

// Groups returns all cases, in the order of the protocol's table and sentences in the
// README of the workbook. A test of the root compares the words.
func Groups() []Group {
	return []Group{
		{"greeting", "server: * once, when it starts to serve this client", greetingCases},
		{"frames", "client: ^ payload $ a request. Bytes outside such a frame are ignored.", frameCases},
		{"echo", "server: each payload byte + 1, mod 256: the echo: no terminator, and sent as the bytes arrive, before the $", echoCases},
		{"numbers", "client: ^P digits $ a request whose first payload byte is P: is this number prime? " +
			"server: prime\\n or composite\\n: 0 and 1 are answered composite", numberCases},
		{"errors", "server: error: reason\\n: after the P there are no digits, bytes other than digits, or more than 2^64-1", errorCases},
		{"data", "A P later in the payload is data: ^aP7$ gives bQ8. So is a ^ inside a frame. ^$ says nothing.", dataCases},
		{"order", "Replies come in the order of the requests, however the bytes were cut on their way.", orderCases},
		{"ready", "What is ready doesn't wait for a long check.", readyCases},
		{"session", "After an error the session goes on with the next frame. A number may be any length on the wire.", sessionCases},
		{"half-close", "A client that shuts down its sending side is owed every reply to what it sent; then the server closes.", halfCloseCases},
		{"vanish", "A client that vanishes costs nothing but its own connection.", vanishCases},
		{"pace", "A client that sends and does not read is slowed down. The server holds a bounded amount of its unsent replies.", paceCases},
		{"chapter 1", "one request per connection, the whole frame first, at most 4,096 bytes of payload.", singleCases},
		{"service", "" /* what the profile promises */, serviceCases},
	}
}

// answered asks one request after the other. A last one shows that the session goes on: a
// server that hangs up is not taken for one that rightly says nothing. In chapter 1 each
// request has a connection of its own.
func answered(requests ...string) func(*exam) {
	return func(x *exam) {
		if x.OneRequest {
			for _, request := range requests {
				x.visit(request)
			}
			return
		}
		p := x.client()
		for _, request := range requests {
			p.ask(request)
		}
		p.ask("^ok$")
		p.finish()
	}
}

// visit asks a request, with which the connection ends.
func (x *exam) visit(segments ...string) {
	p := x.client()
	p.send(segments...)
	p.expect(repliesTo(strings.Join(segments, "")))
	p.closed()
}

// framed makes requests of payloads.
func framed(payloads ...string) []string {
	frames := make([]string, len(payloads))
	for i, payload := range payloads {
		frames[i] = "^" + payload + "$"
	}
	return frames
}

// echoes asks for the echo of payloads.
func echoes(payloads ...string) func(*exam) { return answered(framed(payloads...)...) }

// number is the request for a number, which may also be none.
func number(n any) string { return fmt.Sprintf("^P%v$", n) }

// numbers asks for numbers, or for what is none.
func numbers[T any](all ...T) func(*exam) {
	requests := make([]string, len(all))
	for i, n := range all {
		requests[i] = number(n)
	}
	return answered(requests...)
}

// bytesBut returns all bytes but some.
func bytesBut(some string) string {
	var all []byte
	for c := range 256 {
		if !strings.Contains(some, string([]byte{byte(c)})) {
			all = append(all, byte(c))
		}
	}
	return string(all)
}

// pause is long enough for a segment to arrive by itself.
func (x *exam) pause() { time.Sleep(time.Millisecond + x.roundTrip/2) }

var greetingCases = []Case{
	{Name: "once and unasked", Run: func(x *exam) {
		p := x.connect()
		p.expect(text("*"))
		p.quiet(more)
		p.finish()
	}},
	{Name: "before the reply", Run: func(x *exam) {
		p := x.connect()
		p.send("^a$")
		p.expect(text("*b"))
		p.finish()
	}},
	{Name: "each client", Run: func(x *exam) {
		for range 10 {
			p := x.connect()
			p.expect(text("*"))
			p.finish()
		}
	}},
}

var frameCases = []Case{
	{Name: "bytes before", Run: answered("xyz\r\n^a$")},
	{Name: "a $ outside", Run: answered("$$^a$", "$^b$")},
	{Name: "a P outside", Run: answered("P7$ P^a$")},
	{Name: "bytes between", For: sessions, Run: answered("^a$xyz^b$\r\n7$^c$")},
	{Name: "any byte but ^ outside", Run: answered(bytesBut("^") + "^a$")},
	{Name: "1 MiB outside", Run: func(x *exam) {
		p := x.client()
		p.exchange(strings.Repeat("x", 1<<20)+"^a$", 1, text("b"))
		p.leave()
	}},
}

// leave ends a conversation whose last reply has come.
func (p *peer) leave() {
	if p.OneRequest {
		p.closed()
	} else {
		p.finish()
	}
}

var dataCases = []Case{
	{Name: "a P later", Run: echoes("aP7", "7P", "aP")},
	{Name: "a small p", Run: echoes("p7")},
	{Name: "a ^ inside", Run: echoes("a^b", "a^", "a^P7")},
	{Name: "a ^ first", Run: echoes("^", "^P7", "^^")},
	{Name: "an empty frame", Run: answered("^$")},
	{Name: "many empty frames", For: sessions, Run: answered(strings.Repeat("^$", 100) + "^a$")},
}

var errorCases = []Case{
	{Name: "no digits", Run: numbers("")},
	{Name: "over 2^64-1", Run: numbers("18446744073709551616", "18446744073709551617", "18446744073709551629",
		"36893488147419103232", "99999999999999999999", "18446744073709551620")},
	{Name: "far over 2^64-1", Run: numbers("1000000000000000000000000000007", strings.Repeat("9", 1000))},
	{Name: "signs", Run: numbers("+7", "-7", "-", "+")},
	{Name: "spaces", Run: numbers(" 7", "7 ", " ", "\t7", "7\n", "7 7")},
	{Name: "letters and points", Run: numbers("7a", "a7", "P7", "0x7", "7.0", "1e3", "1_000", "1,000")},
	{Name: "other bytes", Run: numbers("7\x00", "\x007", "7^7", "\xff", "/", ":")},
	{Name: "digits of other scripts", Run: numbers("٧", "７", "७", "⁷")},
	{Name: "once for each request", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.ask("^Pabcdefgh$^a$")
		p.ask("^ok$")
		p.finish()
		x.cut([]string{"^P", "x", "y", "z", "$"})
	}},
}

var singleCases = []Case{
	{Name: "one request", For: single, Run: func(x *exam) {
		p := x.client()
		p.send("^a$^b$")
		p.expect(text("b"))
		p.closed()
	}},
	{Name: "the whole frame first", For: single, Run: func(x *exam) {
		p := x.client()
		p.send("^abc")
		p.quiet(more)
		p.send("$")
		p.expect(text("bcd"))
		p.closed()
	}},
	{Name: "4,096 bytes", For: single, Run: func(x *exam) { x.visit("^" + strings.Repeat("a", 4096) + "$") }},
	{Name: "4,097 bytes", For: single, Run: func(x *exam) {
		p := x.client()
		p.send("^" + strings.Repeat("a", 4097) + "$")
		p.expect(text("error: request too long\n"))
		p.closed()
	}},
	{Name: "1 MiB", For: single, Run: func(x *exam) {
		p := x.client()
		p.exchange("^"+strings.Repeat("a", 1<<20), 1, text("error: request too long\n"))
		p.closed()
	}},
}
