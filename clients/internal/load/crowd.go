package load

import (
	"context"
	"time"
)

// A Crowd is what echoes cost one client while others say nothing.
type Crowd struct {
	Rate            // while it asks without a pause
	Latency Latency // while it asks at a pace
}

// Among measures one of that many clients, which must get more.
func Among(ctx context.Context, t Target, clients []int, perSecond int, duration time.Duration) ([]Crowd, error) {
	var idle []*Client
	defer func() { closeAll(idle) }()
	var list []Crowd
	for _, n := range clients {
		more, err := t.connectIdle(ctx, n-1-len(idle))
		idle = append(idle, more...)
		if err != nil {
			return nil, err
		}
		var c Crowd
		if c.Rate, err = Throughput(ctx, t, 1, duration/2); err != nil {
			return nil, err
		}
		if c.Latency, err = Paced(ctx, t, 1, perSecond, duration); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
