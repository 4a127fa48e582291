package load_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// limited returns a context for what must not hang.
func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestProbe(t *testing.T) {
	tests := []struct {
		server testserver.Server
		want   load.Limits
	}{
		{testserver.Server{}, load.Limits{}},
		{testserver.Server{AtOnce: 3}, load.Limits{AtOnce: 3}},
		{testserver.Server{AtOnce: 1, OneRequest: true}, load.Limits{AtOnce: 1, OneRequest: true}},
	}
	for _, test := range tests {
		got, err := load.Probe(limited(t), testserver.Start(t, test.server), 8)
		require.NoError(t, err)
		assert.Equal(t, test.want, got)
	}
	_, err := load.Probe(limited(t), testserver.Start(t, testserver.Server{Greeting: "+"}), 2)
	assert.EqualError(t, err, "it greets nobody")
}

// measurements are all that a server can be put through. Paced is short, the others last.
var measurements = map[string]func(ctx context.Context, t load.Target, last time.Duration) (requests int, err error){
	"throughput": func(ctx context.Context, t load.Target, last time.Duration) (int, error) {
		r, err := load.Throughput(ctx, t, 4, last)
		return r.Requests, err
	},
	"visits": func(ctx context.Context, t load.Target, last time.Duration) (int, error) {
		r, err := load.Visits(ctx, t, 4, last)
		return r.Requests, err
	},
	"paced": func(ctx context.Context, t load.Target, _ time.Duration) (int, error) {
		l, err := load.Paced(ctx, t, 4, 200, 100*time.Millisecond)
		return l.Requests, err
	},
}

const short = 50 * time.Millisecond

// TestMeasurements measures a right server of each kind.
func TestMeasurements(t *testing.T) {
	for name, measure := range measurements {
		for _, limits := range []load.Limits{{}, {AtOnce: 2}, {AtOnce: 1, OneRequest: true}} {
			t.Run(fmt.Sprintf("%s %+v", name, limits), func(t *testing.T) {
				s := testserver.Server{AtOnce: limits.AtOnce, OneRequest: limits.OneRequest}
				requests, err := measure(limited(t), load.Target{Addr: testserver.Start(t, s), Limits: limits}, short)
				assert.NoError(t, err)
				assert.Positive(t, requests)
				if name == "paced" {
					assert.Equal(t, 20, requests)
				}
			})
		}
	}
}

// TestAmong proves that there are as many idle clients as there should be, in each step, and
// that none is left.
func TestAmong(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	var now, most atomic.Int64
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			most.Store(max(most.Load(), now.Add(1)))
			go func() {
				defer now.Add(-1)
				testserver.Server{Greeting: "*", Reply: testserver.Reply}.Serve(conn)
			}()
		}
	}()
	list, err := load.Among(limited(t), load.Target{Addr: ln.Addr().String()}, []int{1, 4, 10}, 200, short)
	require.NoError(t, err)
	require.Len(t, list, 3)
	for _, a := range list {
		assert.Equal(t, 1, a.Clients)
		assert.Positive(t, a.Requests)
		assert.Equal(t, 10, a.Latency.Requests)
	}
	assert.GreaterOrEqual(t, most.Load(), int64(10), "nine that say nothing, and one that asks")
	assert.Eventually(t, func() bool { return now.Load() == 0 }, 10*time.Second, time.Millisecond)
}

// TestVisitsEnd proves that visits end when they have used enough ports, and that those of
// the warm-up are not taken from them.
func TestVisitsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 11,000 connections")
	}
	r, err := load.Visits(limited(t), load.Target{Addr: testserver.Start(t, testserver.Server{})}, 4, time.Hour)
	assert.NoError(t, err)
	assert.Equal(t, 10_000, r.Requests)
	assert.Less(t, r.Elapsed, time.Hour)
}

// TestWrongReplies lets servers answer a few requests rightly and then wrongly.
func TestWrongReplies(t *testing.T) {
	wrong := map[string]func(payload string) string{
		"unchanged": func(payload string) string { return payload },
		"short":     func(string) string { return "\n" },
		"nothing":   func(string) string { return testserver.Hangup },
		"of another": func(payload string) string {
			return testserver.Reply(strings.Repeat("0", len(payload)))
		},
		"last byte": func(payload string) string {
			reply := testserver.Reply(payload)
			return reply[:len(reply)-1] + "!"
		},
	}
	for name, measure := range measurements {
		for kind, reply := range wrong {
			for _, one := range []bool{false, true} {
				t.Run(fmt.Sprint(name, " ", kind, " ", one), func(t *testing.T) {
					var count atomic.Int64
					addr := testserver.Start(t, testserver.Server{OneRequest: one, Reply: func(payload string) string {
						if count.Add(1) > 10 {
							return reply(payload)
						}
						return testserver.Reply(payload)
					}})
					ctx := limited(t)
					if kind == "short" { // such a reply is one that does not come
						short, cancel := context.WithTimeout(ctx, time.Second)
						defer cancel()
						ctx = short
					}
					target := load.Target{Addr: addr, Limits: load.Limits{OneRequest: one}}
					_, err := measure(ctx, target, time.Minute) // the first wrong reply ends it
					assert.Error(t, err)
					if kind != "short" {
						assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
						assert.NotErrorIs(t, err, context.DeadlineExceeded)
					}
				})
			}
		}
	}
}

// TestLastReply sends a byte after the last reply that nobody has asked for, or hangs up when everything
// has been sent.
func TestLastReply(t *testing.T) {
	for want, last := range map[string]func(payload string) string{
		"unexpected EOF":             func(payload string) string { return testserver.Reply(payload) + "x" },
		"20 requests and 19 replies": func(string) string { return testserver.Hangup },
	} {
		var count atomic.Int64
		addr := testserver.Start(t, testserver.Server{Reply: func(payload string) string {
			if count.Add(1) == 2+20 { // with the two of the warm-up: none comes after it, on any connection
				return last(payload)
			}
			return testserver.Reply(payload)
		}})
		_, err := measurements["paced"](limited(t), load.Target{Addr: addr}, short)
		assert.EqualError(t, err, want)
	}
}

// TestNoServer proves that nothing hangs where nobody listens, or nobody answers.
func TestNoServer(t *testing.T) {
	silent := testserver.Start(t, testserver.Server{Reply: func(string) string { <-t.Context().Done(); return testserver.Hangup }})
	for name, measure := range measurements {
		t.Run(name, func(t *testing.T) {
			_, err := measure(limited(t), load.Target{Addr: "127.0.0.1:1"}, short)
			assert.ErrorContains(t, err, "refused")
			ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
			defer cancel()
			_, err = measure(ctx, load.Target{Addr: silent}, short)
			assert.Error(t, err)
		})
	}
}

// primes returns replies in which the verdict to a number comes after a while.
func primes(verdict string, after time.Duration) func(string) string {
	return func(payload string) string {
		if payload[0] != 'P' {
			return testserver.Reply(payload)
		}
		time.Sleep(after)
		return verdict
	}
}

// TestBeside lets eight primes take a while. The echoes do not wait for them.
func TestBeside(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{Reply: primes("prime\n", 400*time.Millisecond)})
	b, err := load.BesidePrimes(limited(t), load.Target{Addr: addr}, 8, 100)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, b.PrimesTime, 400*time.Millisecond)
	assert.Positive(t, b.Requests)
	assert.Less(t, b.P50, 400*time.Millisecond)
}

// TestBehind lets the primes take one turn each, and the echoes the last one. Each echo
// has been due all the time.
func TestBehind(t *testing.T) {
	for _, one := range []bool{false, true} {
		addr := testserver.Start(t, testserver.Server{AtOnce: 1, OneRequest: one, Reply: primes("prime\n", 100*time.Millisecond)})
		target := load.Target{Addr: addr, Limits: load.Limits{AtOnce: 1, OneRequest: one}}
		b, err := load.BesidePrimes(limited(t), target, 5, 100)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, b.PrimesTime, 500*time.Millisecond)
		assert.Greater(t, b.Max, 300*time.Millisecond) // it came about 100 ms after the primes
		assert.Greater(t, b.P50, b.Max/4)
	}
}

func TestWrongPrime(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{Reply: primes("wrong\n", 0)})
	_, err := load.BesidePrimes(limited(t), load.Target{Addr: addr}, 3, 100)
	assert.ErrorContains(t, err, `"*wrong\n"`)
}

// TestKnee: at each share of the load, as many requests are sent as belong to it.
func TestKnee(t *testing.T) {
	target := load.Target{Addr: testserver.Start(t, testserver.Server{})}
	shares, duration := []float64{0.02, 0.1}, 200*time.Millisecond
	knee, err := load.FindKnee(limited(t), target, 4, shares, duration)
	require.NoError(t, err)
	require.Len(t, knee.At, len(shares))
	for i, share := range shares {
		perSecond := max(1, int(knee.PerSecond*share))
		assert.Equal(t, int(duration.Seconds()*float64(perSecond)), knee.At[i].Requests)
	}
}
