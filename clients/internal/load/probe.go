package load

import (
	"context"
	"fmt"
	"time"
)

// Limits are what a server does not do for its clients.
type Limits struct {
	AtOnce     int  // how many clients it serves at a time, 0 if no limit has been met
	OneRequest bool // it hangs up after one request
}

// greetTime is how long Probe waits for greetings. A server that has nothing to do
// greets within a millisecond.
const greetTime = 400 * time.Millisecond

// Probe finds out the limits of a server with that many clients at once.
func Probe(ctx context.Context, addr string, clients int) (Limits, error) {
	t := Target{Addr: addr}
	connected, err := t.connect(ctx, clients)
	defer closeAll(connected)
	if err != nil {
		return Limits{}, err
	}
	var greeted []*Client
	deadline := time.Now().Add(greetTime)
	for _, c := range connected {
		c.SetReadDeadline(deadline)
		if c.Greeted() == nil {
			greeted = append(greeted, c)
		}
	}
	if len(greeted) == 0 {
		return Limits{}, fmt.Errorf("it greets nobody")
	}
	var limits Limits
	if len(greeted) < clients {
		limits.AtOnce = len(greeted)
	}
	limits.OneRequest, err = greeted[0].onlyOne(ctx)
	return limits, err
}

// onlyOne finds out whether the server hangs up after the first reply.
func (c *Client) onlyOne(ctx context.Context) (bool, error) {
	deadline, _ := ctx.Deadline()
	c.SetReadDeadline(deadline)
	if err := c.Echo(1); err != nil {
		return false, err
	}
	return c.Echo(2) != nil, nil
}

// atMost returns clients, or less if the server serves fewer at a time.
func (l Limits) atMost(clients int) int {
	if l.AtOnce > 0 {
		return min(clients, l.AtOnce)
	}
	return clients
}
