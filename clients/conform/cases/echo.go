package cases

import (
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

var echoGroup = engine.Group{
	Name: "echo",
	Rule: "server: each payload byte + 1, mod 256: the echo: no terminator, and sent as the bytes arrive, before the $",
	Cases: []engine.Case{
		{Name: "each byte + 1", Run: echoes("a" + bytesBut("^$P\xff"))},
		{Name: "each byte alone", For: sessions, Run: func(t *engine.Test) {
			streams(strings.Join(framed(strings.Split(bytesBut("^$P\xff"), "")...), ""))(t)
		}},
		{Name: "255 becomes 0", Run: echoes("\xff", "a\xff\xffb")},
		{Name: "no terminator", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			c.Ask("^a$")
			c.Quiet(engine.Moment)
			c.Ask("^b$")
			c.Finish()
		}},
		{Name: "before the $", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			c.Send("^ab")
			c.Expect(engine.Text("bc"))
			c.Send("c")
			c.Expect(engine.Text("d"))
			c.Send("$")
			c.Ask("^ok$")
			c.Finish()
		}},
		{Name: "4,096 bytes", Run: echoes(strings.Repeat("a", 4096))},
		{Name: "1 MiB", For: sessions, Run: func(t *engine.Test) { large(t, 16) }},
		{Name: "64 MiB", Slow: true, For: sessions, Run: func(t *engine.Test) {
			begin := time.Now()
			large(t, 16)
			if d := 64 * time.Since(begin); d > max(tooLong, t.Options.Timeout) {
				t.Skip("this server would take %s; -timeout %[1]s tries it", human.Duration(d))
				return
			}
			before, known := t.Resident()
			large(t, 1024)
			mustNotGrow(t, before, known)
		}},
	},
}

// A digits is 64 KB whose echo shows when something is lost or comes twice.
var (
	digits     = strings.Repeat("0123456789", 6400)
	echoDigits = engine.PlusOne(digits)
)

// large sends an echo of so many times 64 KB.
func large(t *engine.Test, times int) {
	c := t.Client()
	c.Send("^")
	c.Exchange(digits, times, engine.Repeated(echoDigits, times))
	c.Send("$")
	c.Ask("^ok$")
	c.Finish()
}

// maxGrowth is by how much the server's memory may grow for a client whose bytes it should
// not keep.
const maxGrowth = 32 << 20

// mustNotGrow fails the case if the server has grown by much.
func mustNotGrow(t *engine.Test, before int64, known bool) {
	after, ok := t.Resident()
	if growth := after - before; known && ok && growth > maxGrowth {
		t.Wrong("the server's memory has grown by %d MiB", growth>>20)
	}
}
