package engine

import (
	"cmp"
	"fmt"
	"time"
)

// VanishRule is what a server breaks that dies when a client leaves, whatever else was asked.
const VanishRule = "A client that vanishes costs nothing but its own connection."

// A departure is how a client has left. If the server serves nobody afterwards, it may have
// been that.
type departure struct {
	client *Client
	how    string
	at     time.Time
}

// leaves notes that the client has left.
func (c *Client) leaves(how string) {
	c.gone = true
	if c.Test.name == aliveTest {
		return // what it looks for has happened before
	}
	c.departed.Store(&departure{client: c, how: how, at: time.Now()})
}

// death returns the failure of a case after which the server serves nobody. If its client has
// met a server that was dead already, it is the failure of the client that left before.
func (t *Test) death(first, next *Failure) *Failure {
	if first != nil && (first.client == nil || first.client.heard) {
		first.Death = "the server serves nobody any more: " + next.Problem
		if d := first.client.before(); d != nil && d.client.Test.name == t.name {
			first.Death += fmt.Sprintf(" (before this client came, another had %s)", d.text(t))
		}
		return first
	}
	victim := cmp.Or(first, next)
	d := victim.client.before()
	if d == nil {
		return victim
	}
	f := d.client.failure(fmt.Sprintf("when the client had %s, the server served nobody any more: %s", d.text(t), victim.Problem), d.at)
	f.Rule = VanishRule
	return f
}

// before returns how the client left that left last before this one came.
func (c *Client) before() *departure {
	if c == nil {
		return nil
	}
	return c.after
}

// text says how the client left, and when if that was not in this case.
func (d *departure) text(now *Test) string {
	switch d.client.Test.name {
	case now.name:
		return d.how
	case "":
		return d.how + " before the first case"
	}
	return fmt.Sprintf("%s (in %s)", d.how, d.client.Test.name)
}
