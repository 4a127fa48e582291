package load

import (
	"context"
	"time"
)

// Among is what echoes cost one client among others, which say nothing.
type Among struct {
	Rate            // while it asks without a pause
	Latency Latency // while it asks at a pace
}

// AmongIdle measures one client beside that many idle ones, which must get more.
func AmongIdle(ctx context.Context, t Target, counts []int, perSecond int, duration time.Duration) ([]Among, error) {
	var idle []*client
	defer func() { closeAll(idle) }()
	var list []Among
	for _, count := range counts {
		more, err := t.connectIdle(ctx, count-len(idle))
		idle = append(idle, more...)
		if err != nil {
			return nil, err
		}
		var a Among
		if a.Rate, err = Throughput(ctx, t, 1, duration/2); err != nil {
			return nil, err
		}
		if a.Latency, err = Paced(ctx, t, 1, perSecond, duration); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}
