package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var frameGroup = engine.Group{
	Name: "frames",
	Rule: "client: ^ payload $ a request. Bytes outside such a frame are ignored.",
	Cases: []engine.Case{
		{Name: "bytes before", Run: answered("xyz\r\n^a$")},
		{Name: "a $ outside", Run: answered("$$^a$", "$^b$")},
		{Name: "a P outside", Run: answered("P7$ P^a$")},
		{Name: "bytes between", For: sessions, Run: answered("^a$xyz^b$\r\n7$^c$")},
		{Name: "any byte but ^ outside", Run: answered(bytesBut("^") + "^a$")},
		{Name: "1 MiB outside", Run: func(t *engine.Test) {
			c := t.Client()
			c.Exchange(strings.Repeat("x", 1<<20)+"^a$", 1, engine.Text("b"))
			c.Leave()
		}},
		{Name: "as long as a buffer", Run: func(t *engine.Test) {
			var echoes, numbers []string
			for _, n := range aroundPowers(2, longest(t)) {
				echoes = append(echoes, "^"+strings.Repeat("a", n-2)+"$")
				numbers = append(numbers, "^P"+strings.Repeat("0", n-4)+"7$")
			}
			inTurn(t, echoes)
			inTurn(t, numbers)
		}},
		{Name: "at the end of a buffer", For: sessions, Run: atTheEnd("^aP7$^P7$^Px$")},
		{Name: "one at the end of a buffer", For: single, Run: atTheEnd("^aP7$")},
	},
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

// longest is how many bytes a request may have that a case sends: 2^16 and one more, or what
// chapter 1 takes.
func longest(t *engine.Test) int {
	if t.OneRequest {
		return 4096 + len("^$")
	}
	return 1<<16 + 1
}

// aroundPowers returns the powers of 2 up to a limit, the numbers before and after each.
func aroundPowers(exponent, limit int) []int {
	var all []int
	for n := 1 << exponent; n-1 <= limit; n *= 2 {
		for m := max(4, n-1); m <= min(n+1, limit); m++ {
			all = append(all, m)
		}
	}
	return all
}

// inTurn asks requests that may be long, one after the other.
func inTurn(t *engine.Test, requests []string) {
	if t.OneRequest {
		answered(requests...)(t)
		return
	}
	c := t.Client()
	for _, request := range requests {
		c.Exchange(request, 1, engine.RepliesTo(request))
	}
	c.Ask("^ok$")
	c.Finish()
}

// atTheEnd returns a case in which each byte of a stream is the last one of a full buffer, for
// many sizes of buffers: what comes before it is outside of frames.
func atTheEnd(stream string) func(*engine.Test) {
	return func(t *engine.Test) {
		for size := 16; size <= 1<<16; size *= 2 {
			for i := 1; i <= len(stream); i++ {
				c := t.Client()
				c.Ask(strings.Repeat(" ", size-i) + stream)
				if !t.OneRequest {
					c.Ask("^ok$")
				}
				c.Leave()
			}
		}
	}
}
