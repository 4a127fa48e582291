package cases

import (
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var paceGroup = engine.Group{
	Name: "pace",
	Rule: "A client that sends and does not read is slowed down. The server holds a bounded amount of its unsent replies, and the kernel as much as the socket's buffer takes.",
	Cases: []engine.Case{
		{Name: "a client that does not read", Slow: true, For: sessions, Run: func(t *engine.Test) {
			deaf(t, "^", digits, echoDigits, "$")
		}},
		{Name: "numbers of a client that does not read", Slow: true, For: sessions, Run: func(t *engine.Test) {
			deaf(t, "", strings.Repeat("^P7$", 1000), strings.Repeat("prime\n", 1000), "")
		}},
		{Name: "a slow reader", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			c.Slow = time.Millisecond
			c.Exchange("^"+digits+"$", 1, engine.Text(echoDigits))
			c.Ask("^ok$")
			c.Finish()
		}},
	},
}

// deaf sends and does not read until the server takes no more. Then it wants all replies.
func deaf(t *engine.Test, begin, unit, echo, end string) {
	c := t.Client()
	c.Send(begin)
	before := t.Resident()
	taken := c.Push(unit)
	mustNotGrow(t, before)
	if t.AtOnce != 1 {
		othersServed(t)
	}
	whole, part := taken/len(unit), taken%len(unit)
	owed := engine.Repeated(echo, whole)
	c.LastWords(unit[part:]+end+"^ok$", 1, append(owed, engine.Text(echo+"pl")...))
	c.Finished()
}

// othersServed lets another client ask while one does not read.
func othersServed(t *engine.Test) {
	t.Meanwhile("while another client does not read: ")
	defer t.Meanwhile("")
	c := t.Client()
	c.Ask("^ok$")
	c.Finish()
}
