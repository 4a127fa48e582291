package load

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sleep(until time.Time) { time.Sleep(time.Until(until)) }

// TestHistogram records 1 to 20,000 ms.
func TestHistogram(t *testing.T) {
	h := newHistogram()
	for i := range 20_000 {
		h.record(time.Duration(i+1) * time.Millisecond)
	}
	l := h.latency()
	assert.Equal(t, 20_000, l.Requests)
	for want, got := range map[time.Duration]time.Duration{
		10_000: l.P50, 18_000: l.P90, 19_800: l.P99, 19_980: l.P999, 20_000: l.Max, 10_001: l.Mean,
	} {
		assert.InEpsilon(t, want*time.Millisecond, got, 0.002)
	}
}

// TestEnoughBeyond: a percentile is there if twenty requests took longer.
func TestEnoughBeyond(t *testing.T) {
	for requests, want := range map[int][]bool{39: {false, false, false}, 40: {true, false, false}, 199: {true, false, false},
		200: {true, true, false}, 1949: {true, true, false}, 2000: {true, true, true}} {
		h := newHistogram()
		for range requests {
			h.record(time.Millisecond)
		}
		l := h.latency()
		assert.Equal(t, want, []bool{l.P50 > 0, l.P90 > 0, l.P99 > 0}, requests)
		assert.Zero(t, l.P999)
	}
}

// TestWarmUp: the first requests are sent, and don't count.
func TestWarmUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := schedule{begin: time.Now(), interval: time.Second, warmUp: 3}
		h, late := newHistogram(), newHistogram()
		sent, err := pace(s, slowFleet(0), 10, nil, sleep, late)
		assert.NoError(t, err)
		assert.Equal(t, 10, sent)
		assert.EqualValues(t, 7, late.counts.TotalCount())
		for k := range 10 {
			s.record(k, h)
		}
		assert.EqualValues(t, 7, h.counts.TotalCount())
	})
}

// TestHistogramBounds proves that nothing is lost that is out of bounds.
func TestHistogramBounds(t *testing.T) {
	h := newHistogram()
	h.record(-time.Second)
	h.record(0)
	h.record(time.Hour)
	assert.Equal(t, 3, h.latency().Requests)
	assert.InEpsilon(t, longest, h.latency().Max, 0.002)
}

// TestMeanHides is the example of the README: one request in fifty stalls for a second.
func TestMeanHides(t *testing.T) {
	h := newHistogram()
	for i := range 2000 {
		if i%50 == 0 {
			h.record(time.Second)
		} else {
			h.record(100 * time.Microsecond)
		}
	}
	l := h.latency()
	assert.InEpsilon(t, 20*time.Millisecond, l.Mean, 0.01)
	assert.InEpsilon(t, 100*time.Microsecond, l.P50, 0.01)
	assert.InEpsilon(t, time.Second, l.P99, 0.01)
}

// stalling answers at once, but says nothing from 200 ms to 1200 ms after it began. Time
// in the bubble is not real.
func stalling(conn net.Conn) {
	begin := time.Now()
	io.WriteString(conn, "*")
	frame := make([]byte, payloadLen+2)
	for {
		if _, err := io.ReadFull(conn, frame); err != nil {
			conn.Close()
			return
		}
		if now := time.Since(begin); now >= 200*time.Millisecond {
			time.Sleep(1200*time.Millisecond - now)
		}
		for i := range frame {
			frame[i]++
		}
		conn.Write(frame[1 : 1+payloadLen])
	}
}

// TestStallIsCounted proves the due-time arithmetic: of 20 requests, one every 100 ms,
// the first two are answered at once; the next has to wait for 1000 ms, the one after it
// for 900 ms, and so on. A client that waits for its reply before it asks again would
// count one request of 1000 ms and nothing else.
func TestStallIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go stalling(server)
		h, late := newHistogram(), newHistogram()
		s := schedule{begin: time.Now(), interval: 100 * time.Millisecond}
		p := newPipeline([]net.Conn{buffered(t, client)}, s, h)
		sent, err := pace(s, p, 20, nil, sleep, late)
		require.NoError(t, err)
		assert.Equal(t, 20, sent)
		time.Sleep(time.Second)
		client.Close()
		p.finish()

		assert.EqualValues(t, 20, h.counts.TotalCount())
		var stalled int64
		for _, bar := range h.counts.Distribution() {
			if bar.To >= int64(100*time.Millisecond) {
				stalled += bar.Count
			}
		}
		assert.EqualValues(t, 10, stalled)
		assert.InEpsilon(t, time.Second, h.latency().Max, 0.002)
		assert.InEpsilon(t, 275*time.Millisecond, h.latency().Mean, 0.002) // (100 + ... + 1000) / 20
		assert.EqualValues(t, 1, late.latency().Max, "it does not wait for replies")
	})
}

// buffered returns a connection whose writes do not wait for the reader, as in TCP.
func buffered(t *testing.T, conn net.Conn) net.Conn {
	frames := make(chan []byte, 100)
	go func() {
		for frame := range frames {
			conn.Write(frame)
		}
	}()
	t.Cleanup(func() { close(frames) })
	return bufferedConn{conn, frames}
}

type bufferedConn struct {
	net.Conn
	frames chan<- []byte
}

func (c bufferedConn) Write(p []byte) (int, error) {
	c.frames <- append([]byte(nil), p...)
	return len(p), nil
}

// slowFleet takes a while for each request.
type slowFleet time.Duration

func (f slowFleet) send(int) error { time.Sleep(time.Duration(f)); return nil }
func (f slowFleet) finish() error  { return nil }

// TestLateness proves that a generator which can't keep up says so.
func TestLateness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := newHistogram()
		s := schedule{begin: time.Now(), interval: 10 * time.Millisecond}
		pace(s, slowFleet(15*time.Millisecond), 11, nil, sleep, late)
		assert.InEpsilon(t, 50*time.Millisecond, late.latency().Max, 0.002)
	})
}

// TestDone proves that nothing is sent when there is nothing more to measure.
func TestDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		time.AfterFunc(95*time.Millisecond, func() { close(done) })
		s := schedule{begin: time.Now(), interval: 10 * time.Millisecond}
		sent, err := pace(s, slowFleet(0), 1000, done, sleep, newHistogram())
		assert.NoError(t, err)
		assert.Equal(t, 10, sent)
	})
}

// TestSleeper proves that the sleep for measurements ends after the due time, and soon: at
// least once in a thousand tries, which a busy machine may need.
func TestSleeper(t *testing.T) {
	sleep, awake := NewSleeper()
	defer awake()
	best := time.Hour
	for try := 0; try < 1000 && best > time.Millisecond; try++ {
		due := time.Now().Add(2 * time.Millisecond)
		sleep(due)
		late := time.Since(due)
		assert.GreaterOrEqual(t, late, time.Duration(0))
		best = min(best, late)
	}
	assert.LessOrEqual(t, best, time.Millisecond)
}

var errAny = errors.New("any")

func TestSendFails(t *testing.T) {
	sent, err := pace(schedule{begin: time.Now(), interval: 1}, failingFleet{}, 10, nil, sleep, newHistogram())
	assert.Equal(t, errAny, err)
	assert.Equal(t, 0, sent)
}

type failingFleet struct{ slowFleet }

func (failingFleet) send(int) error { return errAny }
