package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var vanishGroup = engine.Group{
	Name: "vanish",
	Rule: engine.VanishRule,
	Cases: []engine.Case{
		{Name: "close without a request", Run: gone(20, "", (*engine.Client).Close)},
		// Its second reply meets a connection that is reset: that is where SIGPIPE ends a server.
		{Name: "close before ten checks", Run: gone(4, strings.Repeat("^P1099511627689$", 10), (*engine.Client).Close)},
		{Name: "close without reading", Run: gone(20, "^a$^P7$^b$", (*engine.Client).Close)},
		{Name: "close inside a frame", Run: func(t *engine.Test) {
			for _, half := range []string{"^", "^a", "^P", "^P12"} {
				gone(5, half, (*engine.Client).Close)(t)
				c := t.Client()
				c.Send("3$^a$")
				c.Expect(engine.Text("b"))
				c.Leave()
			}
		}},
		{Name: "reset before a request", Run: gone(20, "", (*engine.Client).Reset)},
		{Name: "reset inside a request", Run: gone(20, "^P12", (*engine.Client).Reset)},
		{Name: "reset after a request", Run: gone(20, "^a$^P7$^b$", (*engine.Client).Reset)},
		{Name: "reset while it checks", Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			gone(2, longRequest(t), (*engine.Client).Reset)(t)
		}},
		{Name: "reset in the first of ten long checks", For: inTurnOnly, LongCheck: true, Run: nextWaits},
		{Name: "resets in the first of ten long checks", For: several, Slow: true, LongCheck: true, Process: true, Run: computesOn},
		{Name: "descriptors", Process: true, Run: func(t *engine.Test) {
			before := t.Descriptors()
			comeAndGo(t, 20)
			mustClose(t, before, 20*ways)
		}},
		{Name: "memory", Process: true, Run: mustForget},
		{Name: "200 who come and go", Run: func(t *engine.Test) { lookIn(200, t.Connect) }},
		{Name: "12,000 who come and go", Slow: true, Run: func(t *engine.Test) { lookIn(visits, t.Client) }},
	},
}

// lookIn lets clients connect and leave, ten at a time.
func lookIn(clients int, connect func() *engine.Client) {
	engine.Together(10, func(int) {
		for range clients / 10 {
			connect().Close()
		}
	})
}

// gone lets clients send something and leave, one after the other, some of them before the
// greeting.
func gone(clients int, stream string, leave func(*engine.Client)) func(*engine.Test) {
	return func(t *engine.Test) {
		for i := range clients {
			c := t.Connect()
			if i%2 == 0 {
				c.Expect(engine.Text(t.Greeting))
			}
			c.Send(stream)
			if i%4 < 2 {
				t.Pause()
			}
			leave(c)
		}
	}
}
