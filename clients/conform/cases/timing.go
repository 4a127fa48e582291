package cases

import (
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

// tooShort is a check beside which nothing can be seen.
const tooShort = 30 * time.Millisecond

// An observation is what a case has seen of the order in which the server does things.
type observation struct {
	client  *engine.Client // that has waited for something beside a long check
	what    string
	begin   time.Time // when it began to wait
	came    time.Time // when that was there
	checked time.Time // when the check was over
}

// inTime looks at the order in which the server does things: how much of a check had
// gone by when something came, as a fraction. Other programs may upset it, so one right
// observation out of five is enough, and one of too short a check does not count: that
// was measured while the machine was busy.
func inTime(t *engine.Test, right func(part float64) bool, see func() observation) {
	if tooQuick(t) {
		return
	}
	for wrong, larger := 0, 0; ; {
		l := see()
		check := l.checked.Sub(l.begin)
		switch {
		case t.Failure() != nil:
			return
		case check < tooShort:
			if larger++; larger > 3 || !t.LongerPrime() {
				t.Skip("the checks are over too early to tell")
				return
			}
		case right(l.came.Sub(l.begin).Seconds() / check.Seconds()):
			return
		default:
			wrong++
		}
		if wrong == 5 {
			l.client.Fail(fmt.Sprintf("%s came %s after its request, and the check took %s, in five tries",
				l.what, human.Duration(l.came.Sub(l.begin)), human.Duration(check)))
			return
		}
		t.HangUp()
	}
}

// What may be right. What waits for all of a check comes when a part of about 1 is over.
func early(part float64) bool { return part < 0.5 }
func late(part float64) bool  { return part >= 0.5 }

// beforeSecond is right for what comes after one of two checks.
func beforeSecond(part float64) bool { return part < 0.75 }

// beforeTheLast is right for what comes after two of three: the server is free to begin the
// second before it looks at who else has come.
func beforeTheLast(part float64) bool { return part < 0.83 }

// begin lets the server begin with a long check, or with a few: the echo before it is ready
// when the server has read all of it.
func begin(c *engine.Client, checks int) {
	c.Send("^a$" + strings.Repeat(longRequest(c.Test), checks))
	c.Expect(engine.Text("b"))
	time.Sleep(engine.Moment / 10)
}

// longRequest asks for the long check.
func longRequest(t *engine.Test) string {
	n, _ := t.LongPrime()
	return engine.Number(n)
}
