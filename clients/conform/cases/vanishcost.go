package cases

import (
	"cmp"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

// visits is how many clients come and go, one after the other, to find a server that gives them places
// and gets none back. It is more than most servers have.
var visits = 12_000

// ways is in how many ways comeAndGo lets clients leave.
const ways = 5

// comeAndGo lets clients leave, in each way as often as times says.
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

// mustClose fails the case if that many clients have left open descriptors behind.
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
	first := t.Resident()
	last := first
	for range rounds {
		comeAndGo(t, clients/ways)
		now := t.Resident()
		if t.Failed() || now-last < clients*leak {
			return
		}
		last = now
	}
	t.Wrong("the server's memory has grown by %d KiB for each of %d clients that had come and gone", (last-first)/(rounds*clients)>>10, rounds*clients)
}

// leftChecks is how many long checks a client has asked for that leaves in the first.
const leftChecks = 10

// nextWaits lets a client reset its connection when the server has begun the first of ten long
// checks. The next one should not have to wait for the others.
func nextWaits(t *engine.Test) {
	if tooQuick(t) {
		return
	}
	usual := oneCheckMore(t, 0)
	var took time.Duration
	for range 3 {
		leave(t, 1)
		if took = oneCheckMore(t, leftChecks); took < leftChecks/2*usual || t.Failure() != nil {
			return
		}
	}
	t.Wrong("a client had asked for %d long checks and reset its connection; the next client's check took %s, and %s without that",
		leftChecks, human.Duration(took), human.Duration(usual))
}

// computesOn does the same with four clients, or as many as are served at a time, and looks at
// the CPU time of the server: others may not have to wait.
func computesOn(t *engine.Test) {
	if tooQuick(t) {
		return
	}
	clients := min(4, cmp.Or(t.AtOnce, 4))
	idle := t.CPU()
	oneCheckMore(t, 0)
	before := t.CPU()
	leave(t, clients)
	if one := before - idle; one > 0 && goesOn(t, before+4*time.Duration(clients)*one) {
		t.Wrong("%d clients had asked for %d long checks each and reset their connections, and the server computes for them", clients, leftChecks)
	}
}

// tooQuick ends a case for whose checks a server is too quick.
func tooQuick(t *engine.Test) bool {
	n, d := t.LongPrime()
	if 0 < d && d < tooShort {
		t.Skip("this server needs only %s for %d", human.Duration(d), n)
		return true
	}
	return false
}

// goesOn reports whether the CPU time of the server comes to a limit before it has nothing to do.
func goesOn(t *engine.Test, limit time.Duration) bool {
	now := t.CPU()
	for now < limit {
		before := now
		time.Sleep(3 * engine.Moment) // on a busy machine, it may get nothing for a while
		if now = t.CPU(); now-before < engine.Moment/100 {
			return false
		}
	}
	return true
}

// leave lets clients ask for long checks and reset their connections when the server has begun.
func leave(t *engine.Test, clients int) {
	_, check := t.LongPrime()
	all := greeted(t, clients, 4*check*time.Duration(clients))
	engine.Together(clients, func(i int) { begin(all[i], leftChecks) })
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
