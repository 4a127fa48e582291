//go:build unix

package main

import (
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// BenchmarkCost measures what a check costs the server, the broker and the checker, in CPU time,
// with 500 clients at a time. The programs' starts are in it, so there should be many.
func BenchmarkCost(b *testing.B) {
	w := &world{t: b, dir: programs(b), addr: freePort(b)}
	broker := newBroker(w)
	w.broker = broker
	checker := w.start("checker", "checker", "taking checks", append(w.broker.flags(), "-workers", "64", "-nice", "0")...)
	w.startServer()
	require.Contains(b, w.server.String(), "go to the queue")
	const quick = "4194301" // a prime that takes a thousand divisions: more than are tried at once
	var asked atomic.Int64
	var all sync.WaitGroup
	for range 500 {
		all.Go(func() {
			for c := dial(b, w.addr); asked.Add(1) <= int64(b.N); {
				c.ask(quick)
				assert.Equal(b, "prime", c.answer())
			}
		})
	}
	all.Wait()
	for unit, p := range map[string]*process{"server": w.server, "broker": broker.process, "checker": checker} {
		p.signal(os.Interrupt)
		assert.NoError(b, p.wait())
		used := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
		b.ReportMetric(float64(used)/float64(time.Microsecond)/float64(b.N), unit+"-µs/check")
	}
	if strings.Contains(w.server.String(), "is made here") {
		b.Log("the machine is too busy: the server's pool has made some of the checks")
	}
}
