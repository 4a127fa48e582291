package load

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// maxVisitors is how many visitors may wait for a server at a time. When there are that many,
// the next one comes late, which counts as waiting too.
const maxVisitors = 1000

// visitors are a fleet for a server that answers one request per connection.
type visitors struct {
	ctx    context.Context
	target Target
	schedule
	latencies *histogram
	group     errgroup.Group
}

func newVisitors(ctx context.Context, t Target, s schedule, h *histogram) *visitors {
	v := &visitors{ctx: ctx, target: t, schedule: s, latencies: h}
	v.group.SetLimit(maxVisitors)
	return v
}

func (v *visitors) send(k int) error {
	v.group.Go(func() error {
		if err := v.target.visit(v.ctx, uint64(k)); err != nil {
			return err
		}
		v.record(k, v.latencies)
		return nil
	})
	return nil
}

func (v *visitors) finish() error { return v.group.Wait() }
