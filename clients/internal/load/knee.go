package load

import (
	"context"
	"time"
)

// A Knee is how long requests wait at different loads. Where the curve bends is the knee.
type Knee struct {
	PerSecond float64   // what the server does if its clients ask all the time
	At        []Latency // for each share of that
}

// FindKnee finds out how much a server can do, and then sends it shares of that, by a
// schedule: whether the server keeps up or not.
func FindKnee(ctx context.Context, t Target, clients int, shares []float64, duration time.Duration) (Knee, error) {
	most, err := Throughput(ctx, t, clients, duration)
	if err != nil {
		return Knee{}, err
	}
	knee := Knee{PerSecond: float64(most.Requests) / most.Elapsed.Seconds()}
	for _, share := range shares {
		rate := max(1, int(knee.PerSecond*share))
		latency, err := Paced(ctx, t, clients, rate, duration)
		if err != nil {
			return knee, err
		}
		knee.At = append(knee.At, latency)
	}
	return knee, nil
}
