package load

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// maxVisits is how many connections a measurement makes. Each leaves its port occupied
// for up to a minute, and there are 16,000 or more of them.
const maxVisits = 10_000

// A Rate is how many requests have been answered, by how many clients, at what cost.
type Rate struct {
	Clients, Requests int
	Cost
}

// Throughput lets clients ask as soon as they have the reply, each on one connection.
func Throughput(ctx context.Context, t Target, clients int, duration time.Duration) (Rate, error) {
	if t.OneRequest {
		return Visits(ctx, t, clients, duration)
	}
	clients = t.atMost(clients)
	connected, err := t.connect(ctx, clients)
	defer closeAll(connected)
	if err != nil {
		return Rate{}, err
	}
	for _, c := range connected {
		if err := c.Greeted(); err != nil {
			return Rate{}, err
		}
	}
	ask := func(i int, n uint64) error { return connected[i].Echo(n) }
	return warmAndRun(t, clients, duration, math.MaxInt64, ask)
}

// Visits lets clients connect, ask once, hang up and connect again, until the time is over
// or there have been maxVisits.
func Visits(ctx context.Context, t Target, clients int, duration time.Duration) (Rate, error) {
	clients = t.atMost(clients)
	ask := func(_ int, n uint64) error { return t.visit(ctx, n) }
	return warmAndRun(t, clients, duration, maxVisits/int64(clients), ask)
}

// warmAndRun lets the server warm up, which does not count, and measures. No client asks more
// often than most.
func warmAndRun(t Target, clients int, duration time.Duration, most int64, ask func(int, uint64) error) (Rate, error) {
	if _, err := run(clients, duration/10, most/10, ask); err != nil {
		return Rate{}, err
	}
	cost := t.start()
	requests, err := run(clients, duration, most, ask)
	if err == nil && requests == 0 {
		err = fmt.Errorf("no request was answered in %v", duration)
	}
	return Rate{clients, requests, cost()}, err
}

// run lets each client ask again and again and counts the requests.
func run(clients int, duration time.Duration, most int64, ask func(client int, n uint64) error) (int, error) {
	var group errgroup.Group
	var total atomic.Int64
	end := time.Now().Add(duration)
	for i := range clients {
		group.Go(func() error {
			count := int64(0)
			defer func() { total.Add(count) }()
			for ; count < most && time.Now().Before(end); count++ {
				if err := ask(i, uint64(i)<<32|uint64(count)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return int(total.Load()), err
}
