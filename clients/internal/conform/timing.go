package conform

import (
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

const (
	longEnough  = 250 * time.Millisecond // for a check, to see what happens beside it
	shortEnough = 100 * time.Millisecond // the same with Options.Short
	tooShort    = 30 * time.Millisecond  // to see it
)

// A look is what a case has seen of the order in which the server does things.
type look struct {
	client  *peer // that has waited for something beside a long check
	what    string
	begin   time.Time // when it began to wait
	came    time.Time // when that was there
	checked time.Time // when the check was over
}

// inTime looks at the order in which the server does things: how much of a check had
// gone by when something came, as a fraction. Other programs may upset it, so one right
// look out of three is enough, and a look at too short a check does not count: that
// was measured while the machine was busy.
func (x *exam) inTime(right func(part float64) bool, see func() look) {
	if n, d := x.long(); 0 < d && d < tooShort {
		x.skip("this server needs only %s for %d", human.Duration(d), n)
		return
	}
	for wrong, larger := 0, 0; ; {
		l := see()
		check := l.checked.Sub(l.begin)
		switch {
		case x.failure() != nil:
			return
		case check < tooShort:
			if larger++; larger > 3 || !x.longer() {
				x.skip("the checks are over too early to tell")
				return
			}
		case right(l.came.Sub(l.begin).Seconds() / check.Seconds()):
			return
		default:
			wrong++
		}
		if wrong == 3 {
			l.client.fail(fmt.Sprintf("%s came %s after its request, and the check took %s, in three tries",
				l.what, human.Duration(l.came.Sub(l.begin)), human.Duration(check)))
			return
		}
		x.hangUp()
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
func (p *peer) begin(checks int) {
	p.send("^a$" + strings.Repeat(p.longRequest(), checks))
	p.expect(text("b"))
	time.Sleep(more / 10)
}

// longRequest asks for the long check.
func (x *exam) longRequest() string {
	n, _ := x.long()
	return number(n)
}

// both lets two clients wait at the same time, and returns when each had its reply.
func both(a *peer, wantA reply, b *peer, wantB reply) (atA, atB time.Time) {
	each(2, func(i int) {
		if i == 0 {
			atA = a.expect(wantA)
		} else {
			atB = b.expect(wantB)
		}
	})
	return atA, atB
}

// echoBeside asks for an echo while others wait for a long check.
func (x *exam) echoBeside(others int) look {
	_, d := x.long()
	checking := make([]*peer, others)
	for i := range checking {
		checking[i] = x.client()
		checking[i].queue = 4 * d * time.Duration(others)
	}
	p := x.client()
	p.queue = checking[0].queue
	for _, c := range checking[1:] {
		c.send(x.longRequest())
	}
	checking[0].begin(1)
	l := look{client: p, what: "an echo beside other clients' long checks", begin: time.Now()}
	p.send("^a$")
	each(1+others, func(i int) {
		if i < others {
			checking[i].expect(text("prime\n"))
		} else {
			l.came = p.expect(text("b"))
		}
	})
	l.checked = firstAfter(l.begin, checking)
	return l
}

// firstAfter returns when the first client had its last bytes after a time, or that time if
// none had.
func firstAfter(begin time.Time, clients []*peer) time.Time {
	first := begin
	for _, c := range clients {
		if c.last.After(begin) && (first == begin || c.last.Before(first)) {
			first = c.last
		}
	}
	return first
}

// ready returns a case in which the replies to a stream are ready while the server checks
// the number after it. If there is no stream, it is another such number.
func ready(stream string, right func(part float64) bool) func(*exam) {
	return func(x *exam) {
		before := stream
		if before == "" {
			before = x.longRequest()
		}
		x.inTime(right, func() look {
			p := x.client()
			l := look{client: p, what: "what was ready", begin: time.Now()}
			p.send(before + x.longRequest())
			l.came = p.expect(repliesTo(before))
			l.checked = p.expect(text("prime\n"))
			return l
		})
	}
}

var readyCases = []Case{
	{Name: "an echo before a long check", For: sessions, LongCheck: true, Run: ready("^abc$", early)},
	{Name: "a small number before a long check", For: sessions, Slow: true, LongCheck: true, Run: ready("^P7$^P7$", early)},
	{Name: "an error before a long check", For: sessions, Slow: true, LongCheck: true, Run: ready("^Px$", early)},
	{Name: "one long check before another", For: sessions, LongCheck: true, Run: ready("", beforeSecond)},
	{Name: "an echo while the frame goes on", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.send("^a$^bc")
		p.expect(text("bcd"))
		p.send("d$")
		p.expect(text("e"))
		p.finish()
	}},
}
