package conform

import (
	"fmt"
	"sync"
	"time"
)

// byTurns sends one byte of each stream in turn. They are equally long.
func byTurns(a *peer, one string, b *peer, other string) {
	for i := range len(one) {
		a.send(one[i : i+1])
		b.send(other[i : i+1])
		a.pause()
	}
	a.expect(repliesTo(one))
	b.expect(repliesTo(other))
	a.finish()
	b.finish()
}

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
				p.ask(fmt.Sprintf("^client %d, request %d$", i, n))
			}
			p.finish()
		})
	}},
	{Name: "two clients byte by byte", For: several, Run: func(x *exam) {
		a, b := x.client(), x.client()
		byTurns(a, "^abc$^d$^ef$", b, "x^gg$^hhh$yy")
	}},
	{Name: "two numbers byte by byte", For: several, Run: func(x *exam) {
		a, b := x.client(), x.client()
		byTurns(a, "^P7$^P104729$", b, "^P0011$^P13$x")
	}},
	{Name: "a hundred idle clients", For: unbounded, Run: func(x *exam) {
		idle := make([]*peer, 100)
		for i := range idle {
			idle[i] = x.client()
		}
		p := x.client()
		p.ask("^a$^b$")
		p.finish()
		for _, p := range idle {
			p.ask("^b$")
		}
	}},
	{Name: "as many clients at a time", For: bounded, Run: func(x *exam) {
		served := make([]*peer, x.AtOnce)
		for i := range served {
			served[i] = x.client()
		}
		next := x.connect()
		x.meanwhile(fmt.Sprintf("client %d is served at the same time: ", x.AtOnce+1))
		next.quiet(2 * more)
		x.meanwhile("")
		served[0].close()
		next.expect(text(x.greeting))
	}},
	{Name: "beside long checks", For: beside, LongCheck: true, Run: func(x *exam) {
		others := 4
		if x.AtOnce > 0 {
			others = min(others, x.AtOnce-1)
		}
		x.inTime(early, func() look { return x.echoBeside(others) })
	}},
	{Name: "one check at a time", For: oneCheck, LongCheck: true, Run: func(x *exam) {
		x.inTime(late, func() look { return x.echoBeside(1) })
	}},
	{Name: "between long checks", For: several, LongCheck: true, Run: func(x *exam) {
		x.inTime(beforeTheLast, func() look {
			a, b := x.client(), x.client()
			a.begin(3)
			l := look{client: b, what: "an echo beside another client's three long checks", begin: time.Now()}
			b.send("^a$")
			l.checked, l.came = both(a, text("prime\nprime\nprime\n"), b, text("b"))
			return l
		})
	}},
}
