package cases

import (
	"example.com/concurrent-network-server/clients/conform/engine"
)

var greetingGroup = engine.Group{
	Name: "greeting",
	Rule: "server: * once, when it starts to serve this client",
	Cases: []engine.Case{
		{Name: "once and unasked", Run: func(t *engine.Test) {
			c := t.Connect()
			c.Expect(engine.Text("*"))
			c.Quiet(engine.Moment)
			c.Finish()
		}},
		{Name: "before the reply", Run: func(t *engine.Test) {
			c := t.Connect()
			c.Send("^a$")
			c.Expect(engine.Text("*b"))
			c.Finish()
		}},
		{Name: "each client", Run: func(t *engine.Test) {
			for range 10 {
				c := t.Connect()
				c.Expect(engine.Text("*"))
				c.Finish()
			}
		}},
	},
}
