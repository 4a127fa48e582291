//go:build unix

package main

import (
	"cmp"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/prime"
)

var (
	chaosTime = flag.Duration("chaos", must(time.ParseDuration(cmp.Or(os.Getenv("CHAOS"), "5s"))), "how long TestChaos takes")
	chaosSeed = flag.Uint64("seed", uint64(time.Now().UnixNano()), "what TestChaos does when")
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestChaos kills, freezes and restarts the broker, the checkers and the server, while clients
// ask, and compare each answer with math/big's. None is wrong, none is lost that was asked before
// the server was told to stop, none takes long, and nothing is left behind.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	chaos(t, func(w *world) node { return newBroker(w) })
}

// A node is what hands out the checks.
type node interface {
	flags() []string           // with which it is reached
	trouble(random *rand.Rand) // for a while
}

// A world is all that runs.
type world struct {
	t        testing.TB
	dir      string
	random   *rand.Rand
	broker   node
	checkers []*process
	server   *process
	addr     string

	sending  sync.RWMutex // held for writing when the server is told to stop: nobody is asking then
	life     int          // how many servers there have been
	answers  atomic.Int64
	slowest  atomic.Int64
	slowness atomic.Int64 // of the machine: what takes 10 ms took this long at worst
}

func chaos(t *testing.T, broker func(*world) node) {
	t.Logf("-seed %d -chaos %v", *chaosSeed, *chaosTime)
	w := &world{t: t, dir: programs(t), random: rand.New(rand.NewPCG(*chaosSeed, 0)), addr: freePort(t)}
	w.broker = broker(w)
	for i := range 3 {
		args := append(w.broker.flags(), "-workers", "1", "-nice", "0", "-grace", "1s")
		w.checkers = append(w.checkers, w.start(fmt.Sprint("checker", i), "checker", "taking checks", args...))
	}
	w.startServer()
	end, all := make(chan struct{}), sync.WaitGroup{}
	for i := range 8 {
		all.Go(func() { w.client(end, rand.New(rand.NewPCG(*chaosSeed, uint64(i+1)))) })
	}
	all.Go(func() { w.measure(end) })
	w.faults()
	close(end)
	all.Wait()
	limit := 3*time.Second + 20*time.Duration(w.slowness.Load())
	t.Logf("%d answers, the slowest after %v, %d servers; the machine needs %v for 10 ms",
		w.answers.Load(), time.Duration(w.slowest.Load()), w.life, time.Duration(w.slowness.Load()))
	assert.Less(t, time.Duration(w.slowest.Load()), limit, "an answer came late")
	assert.Greater(t, w.answers.Load(), int64(50))
	w.nothingLeft()
}

// faults makes trouble until the time is over.
func (w *world) faults() {
	var crashed time.Time // a check that meets two crashes is put aside
	for end := time.Now().Add(*chaosTime); time.Now().Before(end); {
		c := w.checkers[w.random.IntN(len(w.checkers))]
		fault := w.random.IntN(6)
		if fault <= 1 && time.Since(crashed) < 5*time.Second {
			fault = 2
		}
		switch fault {
		case 0:
			w.t.Log("kill", c.name)
			c.restart(os.Kill)
			crashed = time.Now()
		case 1:
			w.t.Log("freeze", c.name)
			c.freeze(time.Duration(w.random.IntN(4000)) * time.Millisecond)
			crashed = time.Now()
		case 2:
			w.t.Log("stop", c.name)
			c.restart(os.Interrupt)
		case 3:
			w.t.Log("restart the server")
			w.sending.Lock()
			old := w.server
			old.signal(os.Interrupt)
			w.life++
			w.addr = freePort(w.t)
			w.startServer()
			w.sending.Unlock()
			assert.NoError(w.t, old.wait(), "the server does not stop well:\n%s", old)
		default:
			w.broker.trouble(w.random)
		}
		time.Sleep(time.Duration(w.random.IntN(1000)) * time.Millisecond)
	}
}

func (w *world) startServer() {
	args := append(w.broker.flags(), "-addr", w.addr, "-workers", "1", "-nice", "0")
	w.server = w.start("server", "beyond", "long checks", args...)
}

// client asks until the end, and once more.
func (w *world) client(end <-chan struct{}, random *rand.Rand) {
	var c *client
	defer func() {
		if c != nil {
			c.conn.Close()
		}
	}()
	life := -1
	ask := func(n uint64) {
		w.sending.RLock()
		defer w.sending.RUnlock()
		if life != w.life {
			c, life = dial(w.t, w.addr), w.life
			c.conn.SetDeadline(time.Now().Add(*chaosTime + patience))
		}
		c.ask(fmt.Sprint(n))
	}
	for last := false; !last; {
		select {
		case <-end:
			last = true
		default:
		}
		n := random.Uint64N(1<<44)<<1 | 1
		ask(n)
		begin := time.Now()
		if !w.compare(n, c.answer(), begin) {
			return
		}
	}
}

// compare compares an answer with math/big's.
func (w *world) compare(n uint64, got string, begin time.Time) bool {
	want := "composite"
	if new(big.Int).SetUint64(n).ProbablyPrime(10) {
		want = "prime"
	}
	w.answers.Add(1)
	for took := int64(time.Since(begin)); ; {
		if slowest := w.slowest.Load(); took <= slowest || w.slowest.CompareAndSwap(slowest, took) {
			break
		}
	}
	return assert.Equal(w.t, want, got, "for %d", n)
}

// measure finds out how much slower than usual the machine is.
func (w *world) measure(end <-chan struct{}) {
	for {
		select {
		case <-end:
			return
		case <-time.After(100 * time.Millisecond):
		}
		begin := time.Now()
		prime.IsPrimeContext(w.t.Context(), 140737488355213) // a prime below 2^47
		w.slowness.Store(max(w.slowness.Load(), int64(time.Since(begin))))
	}
}

// nothingLeft proves that the queue is empty, that no check has been put aside, and that the
// server has no more descriptors and goroutines than a new one.
func (w *world) nothingLeft() {
	conn, err := nats.Connect(w.broker.flags()[1], nats.Timeout(time.Minute))
	require.NoError(w.t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(w.t, err)
	assert.Eventually(w.t, func() bool {
		stream, err := js.Stream(w.t.Context(), "CHECKS")
		return err == nil && stream.CachedInfo().State.Msgs == 0
	}, time.Minute, 100*time.Millisecond, "something is stuck in the queue")
	for _, p := range w.checkers {
		assert.NotContains(w.t, p.String(), "panic")
	}
	old := w.server
	w.addr = freePort(w.t)
	w.startServer()
	assert.Eventually(w.t, func() bool { return old.descriptors() <= w.server.descriptors() }, time.Minute, 100*time.Millisecond,
		"descriptors are left")
	// The runtime and the NATS client keep a few more when they have had work. A leak would
	// be one for each check, or for each time that the broker came back.
	assert.LessOrEqual(w.t, old.goroutines(), w.server.goroutines()+10, "goroutines are left")
	logs, _ := filepath.Glob(filepath.Join(w.t.TempDir(), "..", "*", "server*.log"))
	for _, log := range logs {
		assert.NotContains(w.t, string(must(os.ReadFile(log))), "put aside")
	}
}

var goroutine = regexp.MustCompile(`(?m)^goroutine \d+ `)

// freePort returns an address on which nobody listens.
func freePort(t testing.TB) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	return ln.Addr().String()
}

// A single is the program ./broker.
type single struct {
	*process
	addr string
}

func newBroker(w *world) *single {
	addr := freePort(w.t)
	return &single{w.start("broker", "broker", "Server is ready", "-addr", addr, "-dir", w.t.TempDir()), addr}
}

func (b *single) flags() []string { return []string{"-queue", "nats://" + b.addr} }

func (b *single) trouble(random *rand.Rand) { b.process.trouble(random, 3*time.Second) }

func tail(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
