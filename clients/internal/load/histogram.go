package load

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Latency is how long requests have waited for their replies, from the times when they
// were due.
type Latency struct {
	Clients, Requests              int
	Mean, P50, P90, P99, P999, Max time.Duration

	// Late is how late the generator sent its requests, at the 99th percentile. What it
	// sends late counts against the server: this must be small.
	Late time.Duration
	Cost
}

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

func (h *histogram) at(percentile float64) time.Duration {
	return time.Duration(h.counts.ValueAtQuantile(percentile))
}

// latency sums up what has been recorded.
func (h *histogram) latency() Latency {
	return Latency{
		Requests: int(h.counts.TotalCount()),
		Mean:     time.Duration(h.counts.Mean()),
		P50:      h.at(50),
		P90:      h.at(90),
		P99:      h.at(99),
		P999:     h.at(99.9),
		Max:      time.Duration(h.counts.Max()),
	}
}
