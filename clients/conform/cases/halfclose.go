package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var halfCloseGroup = engine.Group{
	Name: "half-close",
	Rule: "A client that shuts down its sending side is owed every reply to what it sent; then the server closes.",
	Cases: []engine.Case{
		{Name: "without a request", Run: lastWords("", nil)},
		{Name: "after a request", Run: lastWords("^a$", engine.Text("b"))},
		{Name: "after a number", Run: lastWords("^P7$", engine.Text("prime\n"))},
		{Name: "after 200 requests", For: sessions, Run: func(t *engine.Test) {
			stream := strings.Repeat("^abc$^d$", 100)
			lastWords(stream, engine.RepliesTo(stream))(t)
		}},
		{Name: "after numbers and errors", For: sessions, Run: func(t *engine.Test) {
			stream := strings.Repeat("^P7$^Px$", 50)
			lastWords(stream, engine.RepliesTo(stream))(t)
		}},
		{Name: "while it checks", Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			lastWords(longRequest(t), engine.Text("prime\n"))(t)
		}},
		{Name: "while it checks, with more to come", For: sessions, Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			stream := longRequest(t) + "^a$^P7$"
			lastWords(stream, engine.RepliesTo(stream))(t)
		}},
		{Name: "inside an echo", For: sessions, Run: lastWords("^a$^bc", engine.Text("bcd"))},
		{Name: "inside a number", For: sessions, Run: lastWords("^a$^P7", engine.Text("b"))},
		{Name: "inside a frame", For: single, Run: lastWords("^bc", nil)},
	},
}

// lastWords sends a stream, shuts down the sending side at once, and expects the replies
// and the end.
func lastWords(stream string, want engine.Reply) func(*engine.Test) {
	return func(t *engine.Test) {
		c := t.Client()
		c.Send(stream)
		c.HalfClose()
		c.Expect(want)
		c.Closed()
	}
}
