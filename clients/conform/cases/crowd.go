package cases

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

var crowdGroup = engine.Group{
	Name: "crowd",
	// The rule is what the profile promises.
	Cases: []engine.Case{
		{Name: "300 clients at once", For: unbounded, Run: crowd(300)},
		{Name: "1,100 clients at once", For: unbounded, Slow: true, Run: crowd(1100)},
		{Name: "numbers of several clients", For: several, LongCheck: true, Run: ownVerdicts},
		{Name: "input that waits for a check", For: several, LongCheck: true, Run: ownInput},
	},
}

// enough is how many clients a server can serve that has 1,024 descriptors, the usual number.
const enough = 1000

// crowd lets that many clients come and stay, and then ask.
func crowd(size int) func(*engine.Test) {
	return func(t *engine.Test) {
		first := t.Client()
		alone := quickestEcho(first)
		all := []*engine.Client{first}
		arrival := time.Duration(math.MaxInt64) // of the quickest of the last hundred
		for len(all) < size && !first.Failed() {
			t.Meanwhile(fmt.Sprintf("beside %d clients (is ulimit -n of the server large enough?): ", len(all)))
			c := t.Connect()
			begin := time.Now()
			if len(all) > enough && c.Silent(10*engine.Moment) {
				waitsForOne(t, c, all[1:])
				break
			}
			c.Expect(engine.Text(t.Greeting))
			if all = append(all, c); len(all) > size-100 {
				arrival = min(arrival, time.Since(begin))
			}
		}
		t.Meanwhile("")
		mustNotSlowDown(t, alone, quickestEcho(all[len(all)-1]), arrival, len(all))
		t.Meanwhile(fmt.Sprintf("beside %d clients: ", len(all)-1))
		for _, c := range all {
			c.Ask("^b$")
		}
	}
}

// waitsForOne lets one of those leave whom the server has descriptors for.
func waitsForOne(t *engine.Test, next *engine.Client, served []*engine.Client) {
	t.Meanwhile("when a descriptor was free: ")
	for _, c := range served[len(served)-10:] {
		c.Close()
	}
	next.Expect(engine.Text(t.Greeting))
}

// quickestEcho returns the shortest round trip of many.
func quickestEcho(c *engine.Client) time.Duration {
	quickest := time.Duration(math.MaxInt64)
	for range 20 {
		quickest = min(quickest, duration(c, "^a$"))
	}
	return quickest
}

// mustNotSlowDown compares what takes a server the shortest time, which other programs can't
// make longer, beside many clients with what it takes without.
func mustNotSlowDown(t *engine.Test, alone, beside, arrival time.Duration, clients int) {
	limit := 5*time.Millisecond + 20*alone
	switch {
	case beside > limit:
		t.Wrong("an echo takes %s beside %d clients and %s without them", human.Duration(beside), clients-1, human.Duration(alone))
	case arrival > limit+t.RoundTrip:
		t.Wrong("the greeting takes %s beside %d clients", human.Duration(arrival), clients-100)
	}
}

// ownVerdicts lets clients wait for the verdicts to different numbers at the same time.
func ownVerdicts(t *engine.Test) {
	prime, _ := t.LongPrime()
	asked := []string{engine.Number(prime), engine.Number(compositeBelow(prime / 16)), "^P7$", "^P9$"}
	sideBySide(t, asked[:min(len(asked), cmp.Or(t.AtOnce, len(asked)))])
}

// compositeBelow returns the square of a prime: its check takes nearly as long as that of n.
func compositeBelow(n uint64) uint64 {
	root := engine.PrimeBelow(uint64(math.Sqrt(float64(n))))
	return root * root
}

// ownInput lets the input of a client wait until a number is checked, while others ask for a
// check and send.
func ownInput(t *engine.Test) {
	prime, _ := t.LongPrime()
	streams := []string{
		engine.Number(prime),
		engine.Number(engine.PrimeBelow(prime/16)) + "^abc$^P7$^P9$^defghijklmnopqrstuvw$",
		"^" + strings.Repeat("z$^", 100) + "$",
	}
	if t.AtOnce == 2 {
		streams = streams[1:]
	}
	sideBySide(t, streams)
}

// sideBySide lets a client for each stream send it, and then wait for its replies beside the others.
func sideBySide(t *engine.Test, streams []string) {
	_, check := t.LongPrime()
	clients := greeted(t, len(streams), 8*check)
	for i, c := range clients {
		c.Send(streams[i])
		time.Sleep(engine.Moment / 20)
	}
	engine.Together(len(clients), func(i int) {
		clients[i].Expect(engine.RepliesTo(streams[i]))
		clients[i].Finish()
	})
}
