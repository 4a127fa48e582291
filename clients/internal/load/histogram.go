package load

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Latency is how long requests have waited for their replies, from the times when they
// were due. A percentile is 0 if fewer than enoughBeyond requests took longer.
type Latency struct {
	Clients, Requests              int
	Mean, P50, P90, P99, P999, Max time.Duration

	// Late is how late the generator sent its requests, at the 99th percentile. What it
	// sends late counts against the server: this must be small.
	Late time.Duration
	Cost
}

// enoughBeyond is how many requests a percentile needs above it: where fewer are, it says
// more about these than about the server.
const enoughBeyond = 20

// longest is more than any measurement takes.
const longest = 10 * time.Minute

// A histogram counts durations with an error of less than 0.1 percent.
type histogram struct {
	mu     sync.Mutex
	counts *hdrhistogram.Histogram
}

func newHistogram() *histogram {
	return &histogram{counts: hdrhistogram.New(1, int64(longest), 3)}
}

func (h *histogram) record(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.RecordValue(int64(min(max(d, 1), longest)))
}

// at returns a percentile.
func (h *histogram) at(percentile float64) time.Duration {
	return time.Duration(h.counts.ValueAtQuantile(percentile))
}

// shown returns a percentile, or 0 if too few requests took longer.
func (h *histogram) shown(percentile float64) time.Duration {
	if beyond := float64(h.counts.TotalCount()) * (100 - percentile) / 100; beyond < enoughBeyond-1e-6 { // 99.9 is not exact
		return 0
	}
	return h.at(percentile)
}

// latency sums up what has been recorded.
func (h *histogram) latency() Latency {
	return Latency{
		Requests: int(h.counts.TotalCount()),
		Mean:     time.Duration(h.counts.Mean()),
		P50:      h.shown(50),
		P90:      h.shown(90),
		P99:      h.shown(99),
		P999:     h.shown(99.9),
		Max:      time.Duration(h.counts.Max()),
	}
}
