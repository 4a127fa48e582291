package cases

import (
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

// ways is in how many ways comeAndGo lets clients leave.
const ways = 5

// comeAndGo lets clients leave, so many times in each way.
func comeAndGo(t *engine.Test, times int) {
	for range times {
		c := t.Client()
		c.Ask("^a$")
		c.Close()
		c = t.Client()
		c.Ask("^a$")
		c.Reset()
		c = t.Client()
		c.Send("^ab")
		c.Reset()
		c = t.Connect()
		c.Reset()
		c = t.Client()
		c.Ask("^P7$")
		c.Leave()
	}
}

// mustClose fails the case if so many clients have left open descriptors behind.
func mustClose(t *engine.Test, before, clients int) {
	const slack = 10
	open := t.Descriptors()
	for begin := time.Now(); open > before+slack && time.Since(begin) < t.Patience; open = t.Descriptors() {
		time.Sleep(engine.Moment / 5)
	}
	if open > before+slack {
		t.Wrong("the server had %d descriptors open, and %d when %d clients had come and gone", before, open, clients)
	}
}

// mustForget fails the case if each client leaves memory behind. What grows only now and then
// is a garbage collector's.
func mustForget(t *engine.Test) {
	const rounds, clients, leak = 10, 200, 16 << 10
	comeAndGo(t, clients/ways)
	first, known := t.Resident()
	last := first
	for range rounds {
		comeAndGo(t, clients/ways)
		now, ok := t.Resident()
		if t.Failure() != nil || !known || !ok || now-last < clients*leak {
			return
		}
		last = now
	}
	t.Wrong("the server's memory has grown by %d KiB for each of %d clients that had come and gone", (last-first)/(rounds*clients)>>10, rounds*clients)
}

// givesUp lets clients reset their connections when the server has begun the first of ten
// long checks that they have asked for. Nobody should have to wait for the others.
func givesUp(t *engine.Test) {
	const checks = 10
	if n, d := t.LongPrime(); 0 < d && d < tooShort {
		t.Skip("this server needs only %s for %d", human.Duration(d), n)
		return
	}
	idle, _ := t.CPU()
	usual := oneCheckMore(t, 0)
	one, known := t.CPU()
	one -= idle
	clients, asks, limit := 4, 4, usual+usual/2 // the first checks may still be under way when it asks first
	switch {
	case t.AtOnce > 0:
		clients, asks, limit = t.AtOnce, 1, time.Duration(t.AtOnce+3)*usual
	case t.OneCheck:
		clients = 2
	}
	var took time.Duration
	for range 3 {
		before, _ := t.CPU()
		leave(t, clients, checks)
		if known && t.AtOnce == 0 && goesOn(t, before+4*time.Duration(clients)*one) {
			t.Wrong("%d clients had asked for %d long checks each and reset their connections, and the server computes for them", clients, checks)
			return
		}
		for range asks {
			if took = oneCheckMore(t, checks*clients); took < limit || t.Failure() != nil {
				return
			}
		}
	}
	t.Wrong("%d clients had asked for %d long checks each and reset their connections; the next client's check took %s, and %s without them",
		clients, checks, human.Duration(took), human.Duration(usual))
}

// goesOn reports whether the CPU time of the server comes to a limit before it has nothing to do.
func goesOn(t *engine.Test, limit time.Duration) bool {
	now, _ := t.CPU()
	for now < limit {
		before := now
		time.Sleep(3 * engine.Moment) // on a busy machine, it may get nothing for a while
		if now, _ = t.CPU(); now-before < engine.Moment/100 {
			return false
		}
	}
	return true
}

// leave lets clients ask for long checks and reset their connections.
func leave(t *engine.Test, clients, checks int) {
	all := make([]*engine.Client, clients)
	for i := range all {
		all[i] = t.Client()
		all[i].Send(strings.Repeat(longRequest(t), checks))
	}
	time.Sleep(engine.Moment / 5) // the server has begun
	for _, c := range all {
		c.Reset()
	}
}

// oneCheckMore returns how long a new client waits for a long check, which may have to wait for
// others.
func oneCheckMore(t *engine.Test, others int) time.Duration {
	_, check := t.LongPrime()
	begin := time.Now()
	c := t.Connect()
	c.Queue = check * time.Duration(4+2*others)
	c.Expect(engine.Text(t.Greeting))
	c.Send(longRequest(t))
	c.Expect(engine.Text("prime\n"))
	took := time.Since(begin)
	c.Leave()
	return took
}
