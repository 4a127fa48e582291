package cases

import (
	"cmp"
	"fmt"
	"math"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var serviceGroup = engine.Group{
	Name: "service",
	// The rule is what the profile promises.
	Cases: []engine.Case{
		{Name: "a hundred clients at once", Run: func(t *engine.Test) {
			begin := time.Now()
			chat(t, 0, 0)
			queue := 2 * 100 * time.Since(begin) // if they are served one after the other
			if t.AtOnce == 0 {
				allAtOnce(t)
				return
			}
			engine.Together(100, func(i int) { chat(t, i, queue) })
		}},
		{Name: "two clients byte by byte", For: several, Run: byTurns("^abc$^d$^ef$", "x^gg$^hhh$yy")},
		{Name: "two numbers byte by byte", For: several, Run: byTurns("^P7$^P104729$", "^P0011$^P13$x")},
		{Name: "a hundred idle clients", For: unbounded, Run: func(t *engine.Test) {
			idle := greeted(t, 100, 0)
			c := t.Client()
			c.Ask("^a$^b$")
			c.Finish()
			for _, c := range idle {
				c.Ask("^b$")
			}
		}},
		{Name: "as many clients at a time", For: bounded, Run: func(t *engine.Test) {
			served := greeted(t, t.AtOnce, 0)
			next := t.Connect()
			t.Meanwhile(fmt.Sprintf("client %d is served at the same time: ", t.AtOnce+1))
			next.Quiet(2 * engine.Moment)
			t.Meanwhile("")
			served[0].Close()
			next.Expect(engine.Text(t.Greeting))
		}},
		{Name: "beside long checks", For: beside, LongCheck: true, Run: func(t *engine.Test) {
			others := min(4, cmp.Or(t.AtOnce, math.MaxInt)-1)
			inTime(t, early, func() observation { return echoBeside(t, others) })
		}},
		{Name: "one check at a time", For: oneCheck, LongCheck: true, Run: func(t *engine.Test) {
			inTime(t, late, func() observation { return echoBeside(t, 1) })
		}},
		{Name: "between long checks", For: several, LongCheck: true, Run: func(t *engine.Test) {
			inTime(t, beforeTheLast, func() observation {
				a, b := t.Client(), t.Client()
				begin(a, 3)
				l := observation{client: b, what: "an echo beside another client's three long checks", begin: time.Now()}
				b.Send("^a$")
				var checks sync.WaitGroup
				checks.Go(func() { l.checked = a.Expect(engine.Text("prime\nprime\nprime\n")) })
				l.came = b.Expect(engine.Text("b"))
				checks.Wait()
				return l
			})
		}},
	},
}

// byTurns lets two clients send one byte of their streams in turn. These are equally long.
func byTurns(one, other string) func(*engine.Test) {
	return func(t *engine.Test) {
		a, b := t.Client(), t.Client()
		for i := range len(one) {
			a.Send(one[i : i+1])
			b.Send(other[i : i+1])
			t.Pause()
		}
		a.Expect(engine.RepliesTo(one))
		b.Expect(engine.RepliesTo(other))
		a.Finish()
		b.Finish()
	}
}

// chat is a client that asks a few times. It may have to wait for its turn.
func chat(t *engine.Test, number int, queue time.Duration) {
	c := t.Connect()
	c.Queue = queue
	c.Expect(engine.Text(t.Greeting))
	goOn(c, number)
}

func goOn(c *engine.Client, number int) {
	c.Ask(fmt.Sprintf("^client %d$", number))
	for n := 0; n < 4 && !c.OneRequest; n++ {
		c.Ask(fmt.Sprintf("^client %d, request %d$", number, n))
		c.Ask(engine.Number(7 + number%2))
	}
	c.Leave()
}

// allAtOnce lets a hundred clients ask when all have been greeted.
func allAtOnce(t *engine.Test) {
	all := make([]*engine.Client, 100)
	engine.Together(len(all), func(i int) { all[i] = t.Client() })
	engine.Together(len(all), func(i int) { goOn(all[i], i) })
}

// echoBeside asks for an echo while others wait for a long check.
func echoBeside(t *engine.Test, others int) observation {
	_, d := t.LongPrime()
	all := greeted(t, others+1, 4*d*time.Duration(others))
	checking, c := all[:others], all[others]
	for _, c := range checking[1:] {
		c.Send(longRequest(t))
	}
	begin(checking[0], 1)
	l := observation{client: c, what: "an echo beside other clients' long checks", begin: time.Now()}
	c.Send("^a$")
	var checks sync.WaitGroup
	for _, c := range checking {
		checks.Go(func() { c.Expect(engine.Text("prime\n")) })
	}
	l.came = c.Expect(engine.Text("b"))
	checks.Wait()
	l.checked = firstAfter(l.begin, checking)
	return l
}

// firstAfter returns when the first client had its last bytes after a time, or that time if
// none had.
func firstAfter(begin time.Time, clients []*engine.Client) time.Time {
	first := begin
	for _, c := range clients {
		if c.Last.After(begin) && (first == begin || c.Last.Before(first)) {
			first = c.Last
		}
	}
	return first
}
