package queue

import (
	"context"
	"testing"
)

func yes(context.Context, uint64) (bool, error) { return true, nil }

// BenchmarkHandOver measures what a check costs besides the check: one at a time.
func BenchmarkHandOver(b *testing.B) {
	c := pair(b, 1)
	for b.Loop() {
		c.Check(b.Context(), large)
	}
}

// BenchmarkBroker measures how many checks go through one broker, its client, and its
// workers, all in one process.
func BenchmarkBroker(b *testing.B) {
	c := pair(b, 64)
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Check(b.Context(), large)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
}

// pair returns a client, beside workers that do nothing.
func pair(b *testing.B, workers int) *Client {
	url := startBroker(b)
	start(b, url, &Workers{N: workers, Check: yes})
	return newClient(b, url)
}
