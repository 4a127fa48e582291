package cases

import (
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
)

var shortageGroup = engine.Group{
	Name: "shortage",
	Rule: "Running out of file descriptors stops no server. It waits, and accepts again when descriptors are free.",
	Cases: []engine.Case{
		{Name: "no descriptor is free", Process: true, Run: func(t *engine.Test) {
			giveBack := t.TakeDescriptors()
			defer giveBack()
			waiting := []*engine.Client{t.Connect(), t.Connect(), t.Connect()}
			time.Sleep(engine.Moment) // the server has met the error, and may have waited a while
			mustNotSpin(t)
			giveBack()
			for _, c := range waiting {
				c.Expect(engine.Text(t.Greeting))
				c.Ask("^a$")
				c.Leave()
			}
		}},
		{Name: "no descriptor is free, beside a client", Process: true, For: several, Run: func(t *engine.Test) {
			served := t.Client()
			giveBack := t.TakeDescriptors()
			defer giveBack()
			next := t.Connect()
			time.Sleep(engine.Moment)
			t.Meanwhile("while the server has no descriptor for the next client: ")
			served.Ask("^a$^P7$")
			t.Meanwhile("")
			giveBack()
			served.Leave()
			next.Expect(engine.Text(t.Greeting))
			next.Ask("^b$")
			next.Leave()
		}},
	},
}

// mustNotSpin fails the case if the server goes on taking CPU time while it waits. On a busy
// machine it doesn't get much, but a server that waits takes next to nothing.
func mustNotSpin(t *engine.Test) {
	var took, waited time.Duration
	for range 5 {
		begin := time.Now()
		before := t.CPU()
		time.Sleep(2 * engine.Moment)
		took, waited = t.CPU()-before, time.Since(begin)
		if t.Failed() || took < waited/40 {
			return
		}
	}
	t.Wrong("the server has no free descriptor, and takes %s of CPU time in %s to wait for one", human.Duration(took), human.Duration(waited))
}
