package conform

import (
	"fmt"
	"sync"
	"time"
)

var serviceCases = []Case{
	{Name: "a hundred clients at once", Run: func(x *exam) {
		var greeted sync.WaitGroup // in a server that serves all of them
		greeted.Add(100)
		each(100, func(i int) {
			p := x.client()
			greeted.Done()
			if x.AtOnce == 0 {
				greeted.Wait()
			}
			p.ask(fmt.Sprintf("^client %d$", i))
			if x.OneRequest {
				p.closed()
				return
			}
			for n := range 4 {
				p.ask(fmt.Sprintf("^client %d, request %d$^P7$", i, n))
			}
			p.finish()
		})
	}},
	{Name: "two clients byte by byte", For: several, Run: func(x *exam) {
		a, b := x.client(), x.client()
		one, other := "^abc$^P7$^x$", "^P7$^bbb$^P7"
		for i := range min(len(one), len(other)) {
			a.send(one[i : i+1])
			b.send(other[i : i+1])
			x.pause()
		}
		b.send("$")
		a.expect(repliesTo(one))
		b.expect(repliesTo(other + "$"))
		a.finish()
		b.finish()
	}},
	{Name: "a hundred idle clients", For: unbounded, Run: func(x *exam) {
		idle := make([]*peer, 100)
		for i := range idle {
			idle[i] = x.client()
			if idle[i].failed() {
				return // and so would the others
			}
		}
		p := x.client()
		p.ask("^a$^P7$")
		p.finish()
		for _, p := range idle {
			p.ask("^b$")
		}
	}},
	{Name: "so many at a time", For: bounded, Run: func(x *exam) {
		served := make([]*peer, x.AtOnce)
		for i := range served {
			served[i] = x.client()
		}
		next := x.connect()
		next.quiet(2 * more)
		if next.failed() {
			next.failure.Problem = fmt.Sprintf("client %d is served at the same time", x.AtOnce+1)
		}
		served[0].close()
		next.expect(text(x.greeting))
	}},
	{Name: "beside computations", For: beside, Run: func(x *exam) {
		others := 4
		if x.AtOnce > 0 {
			others = min(others, x.AtOnce-1)
		}
		x.inTime(func() (*peer, string) {
			p, begin, echoed, computed := x.echoBeside(others)
			if x.before(begin, echoed, computed, 0.5) {
				return nil, ""
			}
			return p, tooLate("an echo beside other clients' computations", begin, echoed, computed)
		})
	}},
	{Name: "one computation at a time", For: oneCheck, Run: func(x *exam) {
		x.inTime(func() (*peer, string) {
			p, begin, echoed, computed := x.echoBeside(1)
			if !x.before(begin, echoed, computed, 0.5) {
				return nil, ""
			}
			return p, tooLate("an echo that should wait for another client's computation", begin, echoed, computed)
		})
	}},
	{Name: "between two computations", For: several, Run: func(x *exam) {
		x.inTime(func() (*peer, string) {
			a, b := x.client(), x.client()
			begin := time.Now()
			a.send(number(x.Long) + number(x.Long))
			x.headStart()
			b.send("^a$")
			computed, echoed := race(a, text("prime\nprime\n"), b, text("b"))
			if x.before(begin, echoed, computed, 0.75) {
				return nil, ""
			}
			return b, tooLate("an echo beside another client's two computations", begin, echoed, computed)
		})
	}},
}
