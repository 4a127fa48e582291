package conform

import "time"

// inTime looks at the order in which a server does things. Other programs may upset it, so
// one good look out of three is enough.
func (x *exam) inTime(problem string, look func() bool) {
	for range 3 {
		if look() || x.skipped != "" || x.failure() != nil {
			return
		}
		x.hangUp()
	}
	x.wrong("%s, in three tries", problem)
}

// before reports whether something came in less than a part of the time of a computation.
// It skips the case if the computation is too short to tell.
func (x *exam) before(begin, early, computed time.Time, part float64) bool {
	whole := computed.Sub(begin)
	if whole < tooShort && x.failure() == nil {
		x.skip("this server needs only %v for %d", whole.Round(time.Microsecond), x.Long)
	}
	return early.Sub(begin).Seconds() < part*whole.Seconds()
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

// echoBeside reports whether a client has its echo while others wait for a computation.
func (x *exam) echoBeside(others int) bool {
	computing := make([]*peer, others)
	for i := range computing {
		computing[i] = x.client()
	}
	p := x.client()
	for _, c := range computing {
		c.send(number(x.Long))
	}
	x.headStart()
	begin := time.Now()
	p.send("^a$")
	echoed, first := time.Time{}, time.Time{}
	each(1+others, func(i int) {
		if i == others {
			echoed = p.expect(text("b"))
			return
		}
		computing[i].expect(text("prime\n"))
	})
	for _, c := range computing {
		if first.IsZero() || c.last.Before(first) {
			first = c.last
		}
	}
	return x.before(begin, echoed, first, 0.5)
}

// ready returns a case in which the replies to a stream are ready while the server computes
// for the number after it.
func ready(stream string, part float64) func(*exam) {
	return func(x *exam) {
		x.inTime("what is ready waits for the computation after it", func() bool {
			stream := stream
			if stream == "" {
				stream = number(x.Long)
			}
			p := x.client()
			begin := time.Now()
			p.send(stream + number(x.Long))
			early := p.expect(repliesTo(stream))
			return x.before(begin, early, p.expect(text("prime\n")), part)
		})
	}
}

var readyCases = []Case{
	{Name: "an echo before a computation", For: sessions, Run: ready("^abc$", 0.5)},
	{Name: "a small number before a computation", For: sessions, Run: ready("^P7$^P9$", 0.5)},
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
