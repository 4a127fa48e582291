package conform

import (
	"fmt"
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

// chat is a client that asks a few times. It may have to wait for its turn.
func (x *exam) chat(number int, queue time.Duration) {
	p := x.connect()
	p.queue = queue
	p.expect(text(x.greeting))
	p.chat(number)
}

func (p *peer) chat(number int) {
	p.ask(fmt.Sprintf("^client %d$", number))
	for n := 0; n < 4 && !p.OneRequest; n++ {
		p.ask(fmt.Sprintf("^client %d, request %d$", number, n))
	}
	p.leave()
}

// allAtOnce lets a hundred clients ask when all have been greeted.
func (x *exam) allAtOnce() {
	all := make([]*peer, 100)
	each(len(all), func(i int) { all[i] = x.client() })
	each(len(all), func(i int) { all[i].chat(i) })
}

var serviceCases = []Case{
	{Name: "a hundred clients at once", Run: func(x *exam) {
		begin := time.Now()
		x.chat(0, 0)
		queue := 2 * 100 * time.Since(begin) // if they are served one after the other
		if x.AtOnce == 0 {
			x.allAtOnce()
			return
		}
		each(100, func(i int) { x.chat(i, queue) })
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
