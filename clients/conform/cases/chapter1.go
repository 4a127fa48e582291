package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var singleGroup = engine.Group{
	Name: "chapter 1",
	Rule: "one request per connection, the whole frame first, at most 4,096 bytes of payload.",
	Cases: []engine.Case{
		{Name: "one request", For: single, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^a$^b$")
			c.Expect(engine.Text("b"))
			c.Closed()
		}},
		{Name: "the whole frame first", For: single, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^abc")
			c.Quiet(engine.Moment)
			c.Send("$")
			c.Expect(engine.Text("bcd"))
			c.Closed()
		}},
		{Name: "4,096 bytes", For: single, Run: func(t *engine.Test) { visit(t, "^"+strings.Repeat("a", 4096)+"$") }},
		{Name: "4,097 bytes", For: single, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^" + strings.Repeat("a", 4097) + "$")
			c.Expect(engine.Text("error: request too long\n"))
			c.Closed()
		}},
		{Name: "1 MiB", For: single, Run: func(t *engine.Test) {
			c := t.Client()
			c.Exchange("^"+strings.Repeat("a", 1<<20), 1, engine.Text("error: request too long\n"))
			c.Closed()
		}},
	},
}
