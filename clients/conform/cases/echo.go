package cases

import (
	"math"
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
		{Name: "no terminator", For: sessions, Run: pause(engine.Moment)},
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
		{Name: "without a delay", For: sessions, Run: notHeldBack},
		{Name: "4,096 bytes", Run: echoes(strings.Repeat("a", 4096))},
		{Name: "1 MiB", For: sessions, Run: func(t *engine.Test) { large(t, 16) }},
		{Name: "64 MiB", Slow: true, For: sessions, Run: func(t *engine.Test) {
			begin := time.Now()
			large(t, 16)
			if d := 64 * time.Since(begin); d > max(tooLong, t.Options.Timeout) {
				t.Skip("this server would take %s; -timeout %[1]s tries it", human.Duration(d))
				return
			}
			before := t.Resident()
			large(t, 1024)
			mustNotGrow(t, before)
		}},
	},
}

// A digits is 64 KB whose echo shows when something is lost or comes twice.
var (
	digits     = strings.Repeat("0123456789", 6400)
	echoDigits = engine.PlusOne(digits)
)

// large sends an echo of times × 64 KB.
func large(t *engine.Test, times int) {
	c := t.Client()
	c.Send("^")
	c.Exchange(digits, times, engine.Repeated(echoDigits, times))
	c.Send("$")
	c.Ask("^ok$")
	c.Finish()
}

// notHeldBack expects that a reply which the server makes in two writes comes as a whole: an
// echo, and the verdict to a number that may be worth sending the echo before. Nagle's algorithm
// holds back a small write while an earlier one is not acknowledged, and a client that has
// nothing to send acknowledges late, but for the beginning of a connection.
func notHeldBack(t *engine.Test) {
	const early, tries = 30, 20
	c := t.Client()
	alone, longer := time.Duration(math.MaxInt64), time.Duration(0)
	for i := range early + tries {
		alone = min(alone, duration(c, "^P4294967291$"))
		longer = duration(c, "^ab$^P4294967291$") - alone
		if c.Failed() || i >= early && longer < heldBack {
			break
		}
	}
	c.Finish()
	if !c.Failed() && longer >= heldBack {
		t.Wrong("with an echo before it, a verdict comes %s later, in each of %d tries: set TCP_NODELAY on the connection", human.Duration(longer), tries)
	}
}

// duration is how long the replies to requests take.
func duration(c *engine.Client, requests string) time.Duration {
	begin := time.Now()
	c.Ask(requests)
	return time.Since(begin)
}

// heldBack is less than any kernel delays an acknowledgement.
const heldBack = 30 * time.Millisecond

// maxGrowth is by how much the server's memory may grow for a client whose bytes it should
// not keep.
const maxGrowth = 32 << 20

// mustNotGrow fails the case if the server has grown by much.
func mustNotGrow(t *engine.Test, before int64) {
	if growth := t.Resident() - before; growth > maxGrowth {
		t.Wrong("the server's memory has grown by %d MiB", growth>>20)
	}
}
