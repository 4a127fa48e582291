package cases

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var sessionGroup = engine.Group{
	Name: "session",
	Rule: "After an error the session goes on with the next frame. A number may be any length on the wire.",
	Cases: []engine.Case{
		{Name: "after an error", For: sessions, Run: streams("^Px$^P7$^a$", "^Px$^Px$^a$")},
		{Name: "after an error, in turn", For: sessions, Run: numbers("x", "7", "x", "x", "7")},
		{Name: "leading zeros", Run: numbers("007", strings.Repeat("0", 40)+"7", strings.Repeat("0", 4000)+"7")},
		{Name: "1 MiB of zeros", For: sessions, Run: func(t *engine.Test) { longNumber(t, "0", engine.Text("prime\n")) }},
		{Name: "1 MiB of nines", For: sessions, Run: func(t *engine.Test) { longNumber(t, "9", engine.ErrorReply) }},
		{Name: "120 requests in turn", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			for i := range 20 {
				c.Ask(fmt.Sprintf("^%d$", i))
				c.Ask("^P7$")
				c.Ask("^a$^b$")
				c.Ask("^Px$")
				c.Ask("^P7$^c$")
			}
			c.Finish()
		}},
		{Name: "a pause", For: sessions, Run: pause(3 * engine.Moment)},
		{Name: "a long pause inside a frame", Slow: true, Run: func(t *engine.Test) {
			begun := []string{"^ab", "^P1047", "^", "^a^", "^P"}
			clients := min(len(begun), cmp.Or(t.AtOnce, len(begun)))
			engine.Together(clients, func(i int) { longPause(t, begun[i], "29$") })
		}},
	},
}

// longNumber sends a number of a million digits that ends with a 7.
func longNumber(t *engine.Test, digit string, want engine.Reply) {
	c := t.Client()
	c.Exchange("^P"+strings.Repeat(digit, 1<<20)+"7$", 1, want)
	c.Ask("^ok$")
	c.Finish()
}

// pause lets a client be silent between two requests.
func pause(d time.Duration) func(*engine.Test) {
	return func(t *engine.Test) {
		c := t.Client()
		c.Ask("^a$")
		c.Quiet(d)
		c.Ask("^b$")
		c.Finish()
	}
}

// longPause lets a client be silent inside of a request.
func longPause(t *engine.Test, begin, end string) {
	c := t.Client()
	c.Send(begin)
	if !t.OneRequest {
		c.Expect(engine.RepliesTo(begin))
	}
	c.Quiet(3500 * time.Millisecond)
	c.Send(end)
	want := engine.RepliesTo(begin + end)
	if !t.OneRequest && !strings.HasPrefix(begin, "^P") {
		want = engine.RepliesTo("^" + end)
	}
	c.Expect(want)
	c.Leave()
}
