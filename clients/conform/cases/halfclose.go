package cases

import (
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

var halfCloseGroup = engine.Group{
	Name: "half-close",
	Rule: "A client that shuts down its sending side is owed every reply to what it sent; then the server closes.",
	Cases: []engine.Case{
		{Name: "without a request", Run: lastWords("")},
		{Name: "after a request", Run: lastWords("^a$")},
		{Name: "after a number", Run: lastWords("^P7$")},
		{Name: "after 200 requests", For: sessions, Run: lastWords(strings.Repeat("^abc$^d$", 100))},
		{Name: "after numbers and errors", For: sessions, Run: lastWords(strings.Repeat("^P7$^Px$", 50))},
		{Name: "while it checks", Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			lastWords(longRequest(t))(t)
		}},
		{Name: "while it checks, with more to come", For: sessions, Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			lastWords(longRequest(t) + "^a$^P7$")(t)
		}},
		{Name: "after 64 KB", For: sessions, Run: lastOf(1, 0)},
		{Name: "after 256 KB, to a slow reader", For: sessions, Run: lastOf(4, time.Millisecond)},
		{Name: "at once", Run: func(t *engine.Test) { closesAtOnce(t) }},
		{Name: "inside an echo", For: sessions, Run: lastWords("^a$^bc")},
		{Name: "inside a number", For: sessions, Run: lastWords("^a$^P7")},
		{Name: "inside a frame", For: single, Run: lastWords("^bc")},
	},
}

// lastWords sends a stream, shuts down the sending side at once, and expects the replies
// and the end. Chapter 1 owes nothing for a frame that has no end.
func lastWords(stream string) func(*engine.Test) {
	return func(t *engine.Test) {
		c := t.Client()
		c.Send(stream)
		c.HalfClose()
		if !t.OneRequest || strings.HasSuffix(stream, "$") {
			c.Expect(engine.RepliesTo(stream))
		}
		c.Closed()
	}
}

// lastOf sends times × 64 KB, in frames and requests for numbers, and then no more. The
// replies are read meanwhile, slowly or not.
func lastOf(times int, slow time.Duration) func(*engine.Test) {
	unit := "^" + digits + "$" + strings.Repeat("^P7$", 100)
	echo := echoDigits + strings.Repeat("prime\n", 100)
	return func(t *engine.Test) {
		c := t.Client()
		c.Slow = slow
		c.LastWords(unit, times, engine.Repeated(echo, times))
		c.Closed()
	}
}

// closesAtOnce expects that the server closes without waiting. Other programs may be in its
// way, so one time out of ten is enough.
func closesAtOnce(t *engine.Test) {
	var took time.Duration
	for range 10 {
		c := t.Client()
		c.Ask("^a$")
		begin := time.Now()
		c.HalfClose()
		c.Closed()
		if took = time.Since(begin); took < engine.Moment || c.Failed() {
			return
		}
	}
	t.Wrong("the server closed %s after it had sent all that it owed, and never earlier in ten tries", human.Duration(took))
}
