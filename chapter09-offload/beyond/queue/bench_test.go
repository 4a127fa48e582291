package queue

import (
	"context"
	"testing"
	"time"
)

func yes(context.Context, uint64) (bool, error) { return true, nil }

// BenchmarkHandOver measures what a check costs besides the check: one at a time.
func BenchmarkHandOver(b *testing.B) {
	c := pair(b, &Workers{N: 1, Check: yes})
	for b.Loop() {
		c.Check(b.Context(), large)
	}
}

// BenchmarkLeave measures how long a worker goes on when a client has left. It reports the
// longest time too.
func BenchmarkLeave(b *testing.B) {
	g := newGate()
	logged(b) // and so not printed
	url := startBroker(b)
	start(b, url, &Workers{N: 1, Check: g.check})
	c := newClient(b, url)
	var longest time.Duration
	for b.Loop() {
		b.StopTimer()
		ctx, leave := context.WithCancel(b.Context())
		ended := make(chan struct{})
		go func() {
			c.Check(ctx, large)
			close(ended)
		}()
		check := <-g.entered
		b.StartTimer()
		begin := time.Now()
		leave()
		<-check.ctx.Done()
		longest = max(longest, time.Since(begin))
		b.StopTimer()
		<-ended
		b.StartTimer()
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
}

// pair returns a client, beside workers.
func pair(b *testing.B, w *Workers) *Client {
	logged(b) // and so not printed
	url := startBroker(b)
	start(b, url, w)
	c := newClient(b, url)
	c.Check(b.Context(), large) // until one worker is there; and until all are:
	for {
		consumer, err := c.current().stream.Consumer(b.Context(), consumerConfig.Durable)
		if err == nil && consumer.CachedInfo().NumWaiting >= w.N {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.ResetTimer()
	return c
}
