//go:build unix

package queue

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// cpu returns the CPU time that this process has used.
func cpu() time.Duration {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// doze is a check that takes 100 ms, and no CPU.
func doze(context.Context, uint64) (bool, error) {
	time.Sleep(100 * time.Millisecond)
	return true, nil
}

// BenchmarkScale measures how many checks of 100 ms that many workers make.
func BenchmarkScale(b *testing.B) {
	for _, workers := range []int{1, 2, 4, 8, 16} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			c := pair(b, &Workers{N: workers, Check: doze})
			b.SetParallelism(2 * workers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					c.Check(b.Context(), large)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
		})
	}
}

// BenchmarkShares measures how many checks a second two servers get, of which one has 200 in the
// queue all the time and the other 20.
func BenchmarkShares(b *testing.B) {
	logged(b)
	url := startBroker(b)
	start(b, url, &Workers{N: 8, Check: doze})
	many, some := newClient(b, url), newClient(b, url)
	var counts [2]atomic.Int64
	var all sync.WaitGroup
	ctx, end := context.WithCancel(b.Context())
	for i, in := range map[int]int{0: 200, 1: 20} {
		for range in {
			all.Go(func() {
				for ctx.Err() == nil {
					if _, err := []*Client{many, some}[i].Check(ctx, large); err == nil {
						counts[i].Add(1)
					}
				}
			})
		}
	}
	for b.Loop() {
		time.Sleep(time.Second)
	}
	end()
	all.Wait()
	b.ReportMetric(float64(counts[0].Load())/b.Elapsed().Seconds(), "of-200/s")
	b.ReportMetric(float64(counts[1].Load())/b.Elapsed().Seconds(), "of-20/s")
}

// BenchmarkHold measures what it costs client, broker and workers together, in CPU time, that 500
// checks are being made for a second.
func BenchmarkHold(b *testing.B) {
	const held = 500
	g := newGate()
	c := pair(b, &Workers{N: held, Check: func(ctx context.Context, n uint64) (bool, error) {
		if n == large {
			return true, nil
		}
		return g.check(ctx, n)
	}})
	for n := range uint64(held) {
		go c.Check(b.Context(), large+1+n)
	}
	for range held {
		<-g.entered
	}
	begin := cpu()
	for b.Loop() {
		time.Sleep(time.Second)
	}
	b.ReportMetric(float64((cpu()-begin).Microseconds())/float64(b.N)/held, "CPU-µs/check-second")
}
