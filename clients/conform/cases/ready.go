package cases

import (
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var readyGroup = engine.Group{
	Name: "ready",
	Rule: "What is ready doesn't wait for a long check.",
	Cases: []engine.Case{
		{Name: "an echo before a long check", For: sessions, LongCheck: true, Run: ready("^abc$", early)},
		{Name: "a small number before a long check", For: sessions, Slow: true, LongCheck: true, Run: ready("^P7$^P7$", early)},
		{Name: "an error before a long check", For: sessions, Slow: true, LongCheck: true, Run: ready("^Px$", early)},
		{Name: "one long check before another", For: sessions, LongCheck: true, Run: ready("", beforeSecond)},
		{Name: "an echo while the frame goes on", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^a$^bc")
			c.Expect(engine.Text("bcd"))
			c.Send("d$")
			c.Expect(engine.Text("e"))
			c.Finish()
		}},
	},
}

// ready returns a case in which the replies to a stream are ready while the server checks
// the number after it. If there is no stream, it is another such number.
func ready(stream string, right func(part float64) bool) func(*engine.Test) {
	return func(t *engine.Test) {
		before := stream
		if before == "" {
			before = longRequest(t)
		}
		inTime(t, right, func() observation {
			c := t.Client()
			l := observation{client: c, what: "what was ready", begin: time.Now()}
			c.Send(before + longRequest(t))
			l.came = c.Expect(engine.RepliesTo(before))
			l.checked = c.Expect(engine.Text("prime\n"))
			return l
		})
	}
}
