package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var singleGroup = engine.Group{
	Name: "chapter 1",
	Rule: "one request per connection, the whole frame first, at most 4,096 bytes of payload.",
	Cases: []engine.Case{
		{Name: "one request", For: single, Run: only("^a$^b$", "b")},
		{Name: "the whole frame first", For: single, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^abc")
			c.Quiet(engine.Moment)
			c.Send("$")
			c.Expect(engine.Text("bcd"))
			c.Closed()
		}},
		{Name: "4,096 bytes", For: single, Run: only("^"+strings.Repeat("a", 4096)+"$", strings.Repeat("b", 4096))},
		{Name: "4,097 bytes", For: single, Run: only("^"+strings.Repeat("a", 4097)+"$", "error: request too long\n")},
		{Name: "1 MiB", For: single, Run: only("^"+strings.Repeat("a", 1<<20), "error: request too long\n")},
	},
}

// only sends a stream, and expects that reply and the end.
func only(stream, reply string) func(*engine.Test) {
	return func(t *engine.Test) {
		c := t.Client()
		c.Exchange(stream, 1, engine.Text(reply))
		c.Closed()
	}
}
