package conform

import (
	"fmt"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

// inTime looks at the order in which a server does things. Other programs may upset it, so
// one good look out of three is enough. A look returns the client that has waited for the
// wrong thing and what that is, or nil.
func (x *exam) inTime(look func() (late *peer, problem string)) {
	for try := 1; ; try++ {
		late, problem := look()
		if late == nil || x.failure() != nil || x.skipped != "" {
			return
		}
		if try == 3 {
			late.fail(problem + ", in three tries")
			return
		}
		x.hangUp()
	}
}

// before reports whether something came in less than a part of the time of a computation.
// It skips the case if the computation is too short to tell.
func (x *exam) before(begin, early, computed time.Time, part float64) bool {
	whole := computed.Sub(begin)
	if whole < tooShort && x.failure() == nil {
		x.skip("this server needs only %s for %d", human.Duration(whole), x.Long)
	}
	return early.Sub(begin).Seconds() < part*whole.Seconds()
}

// tooLate is the problem of a client that has waited for a computation.
func tooLate(what string, begin, early, computed time.Time) string {
	return fmt.Sprintf("%s came %s after its request, and the computation took %s",
		what, human.Duration(early.Sub(begin)), human.Duration(computed.Sub(begin)))
}

// headStart lets the server begin to compute.
func (x *exam) headStart() { time.Sleep(max(x.LongTime/10, 20*time.Millisecond)) }

// race lets two clients wait at the same time, and returns when each had its reply.
func race(a *peer, wantA reply, b *peer, wantB reply) (atA, atB time.Time) {
	each(2, func(i int) {
		if i == 0 {
			atA = a.expect(wantA)
		} else {
			atB = b.expect(wantB)
		}
	})
	return atA, atB
}

// echoBeside asks for an echo while others wait for a computation. It returns the client,
// when it asked and had its echo, and when the first of the others had its reply.
func (x *exam) echoBeside(others int) (p *peer, begin, echoed, computed time.Time) {
	computing := make([]*peer, others)
	for i := range computing {
		computing[i] = x.client()
	}
	p = x.client()
	for _, c := range computing {
		c.send(number(x.Long))
	}
	x.headStart()
	begin = time.Now()
	p.send("^a$")
	each(1+others, func(i int) {
		if i < others {
			computing[i].expect(text("prime\n"))
		} else {
			echoed = p.expect(text("b"))
		}
	})
	computed = computing[0].last
	for _, c := range computing {
		if c.last.Before(computed) {
			computed = c.last
		}
	}
	return p, begin, echoed, computed
}

// ready returns a case in which the replies to a stream are ready while the server computes
// for the number after it. If there is no stream, it is another such number.
func ready(stream string, part float64) func(*exam) {
	return func(x *exam) {
		first, long := stream, number(x.Long)
		if first == "" {
			first = long
		}
		x.inTime(func() (*peer, string) {
			p := x.client()
			begin := time.Now()
			p.send(first + long)
			early := p.expect(repliesTo(first))
			computed := p.expect(text("prime\n"))
			if x.before(begin, early, computed, part) {
				return nil, ""
			}
			return p, tooLate("what was ready", begin, early, computed)
		})
	}
}

var readyCases = []Case{
	{Name: "an echo before a computation", For: sessions, Run: ready("^abc$", 0.5)},
	{Name: "a small number before a computation", For: sessions, Run: ready("^P7$^P7$", 0.5)},
	{Name: "an error before a computation", For: sessions, Run: ready("^Px$", 0.5)},
	{Name: "one computation before another", For: sessions, Run: ready("", 0.75)},
	{Name: "an echo while the frame goes on", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.send("^P7$^ab")
		p.expect(text("prime\nbc"))
		p.send("c$")
		p.expect(text("d"))
		p.finish()
	}},
}
