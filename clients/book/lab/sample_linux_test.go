package lab

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBacklog: what nobody accepts waits in the kernel.
func TestBacklog(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	for i := range 3 {
		n := backlog(ln.Addr().String())
		require.NotNil(t, n)
		assert.Equal(t, i, *n)
		conn, err := net.Dial("tcp", ln.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
	}
	ln.Close()
	assert.Nil(t, backlog(ln.Addr().String()))
}

// asleep returns the id of a process that sleeps until the test ends.
func asleep(t *testing.T) int {
	cmd := exec.CommandContext(t.Context(), "sleep", "60")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Wait() })
	return cmd.Process.Pid
}

func TestFigures(t *testing.T) {
	pid := asleep(t)
	var w sampler
	f := w.figures(pid, "127.0.0.1:1")
	require.Len(t, f.Threads, 1)
	assert.Equal(t, pid, f.Threads[0].ID)
	assert.Positive(t, f.Descriptors)
	assert.Positive(t, f.Resident)
	assert.Nil(t, f.Backlog)
	assert.Empty(t, f.None)
	assert.Equal(t, Figures{None: "no figures: open /proc/0/fd: no such file or directory"}, w.figures(0, "127.0.0.1:1"))
}

func TestShare(t *testing.T) {
	now := time.Now()
	w := sampler{at: now.Add(-100 * time.Millisecond), used: map[int]time.Duration{1: time.Second}}
	assert.Equal(t, 50, w.share(now, 1, time.Second+50*time.Millisecond))
	assert.Zero(t, w.share(now, 2, time.Second), "a new thread")
	assert.Zero(t, new(sampler).share(now, 1, time.Second))
}

// TestFill: of twenty clients, ten get a descriptor; the others stay in the kernel.
func TestFill(t *testing.T) {
	l, r := serving(t)
	require.NoError(t, l.Do(Request{Do: "fill"}))
	for range room {
		r.await(Greeted)
	}
	for !strings.Contains(r.await(Logged).Text, "too many open files") {
	}
	inKernel := func() bool {
		servers := r.session.lastSample().Servers
		return len(servers) > 0 && servers[0].Backlog != nil && *servers[0].Backlog == room
	}
	assert.Eventually(t, inKernel, time.Minute, sampling)
}

// TestOfProcess compares what is left on other systems with what Linux says.
func TestOfProcess(t *testing.T) {
	pid := asleep(t)
	var w sampler
	assert.EventuallyWithT(t, func(t *assert.CollectT) { // it opens a few files to begin with
		f, elsewhere := w.figures(pid, "127.0.0.1:1"), new(sampler).ofProcess(pid)
		assert.Equal(t, len(f.Threads), elsewhere.ThreadCount)
		assert.Equal(t, f.Descriptors, elsewhere.Descriptors)
		assert.InDelta(t, f.Resident, elsewhere.Resident, 1<<20)
		assert.Zero(t, elsewhere.CPU, "the first sample")
		assert.Empty(t, elsewhere.None)
	}, time.Minute, time.Millisecond)
	assert.Contains(t, w.ofProcess(0).None, "no memory of process 0: ")
}

// TestOfProcessCPU lets this process work for a while.
func TestOfProcessCPU(t *testing.T) {
	var w sampler
	w.ofProcess(os.Getpid())
	assert.Eventually(t, func() bool {
		for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); {
		}
		return w.ofProcess(os.Getpid()).CPU > 0
	}, time.Minute, time.Millisecond)
}
