package proc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// fresh returns memory that comes from the kernel: that of Go's heap may have been touched by
// an earlier test.
func fresh(t *testing.T, bytes int) []byte {
	memory, err := unix.Mmap(-1, 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { unix.Munmap(memory) })
	return memory
}

// TestExact burns less CPU time than a tick of /proc/PID/stat, again and again.
func TestExact(t *testing.T) {
	const tick = 10 * time.Millisecond
	for range 100 {
		before, err := CPU(os.Getpid())
		require.NoError(t, err)
		for end := time.Now().Add(tick / 10); time.Now().Before(end); {
		}
		now, err := CPU(os.Getpid())
		require.NoError(t, err)
		if 0 < now-before && now-before < tick/2 {
			return
		}
	}
	t.Error("none of the figures lies between two ticks")
}

// TestEnded looks at a process that nobody has waited for: it is there, and has nothing.
func TestEnded(t *testing.T) {
	cmd := exec.Command("true")
	require.NoError(t, cmd.Start())
	defer cmd.Wait()
	require.NoError(t, unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil))
	_, err := Threads(cmd.Process.Pid)
	assert.ErrorContains(t, err, "it has ended, or belongs to another user")
	assert.NotErrorIs(t, err, errors.ErrUnsupported)
}

// TestLimit leaves a process a few descriptors, and gives the others back.
func TestLimit(t *testing.T) {
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	io.WriteString(in, "x")
	_, err = io.ReadFull(out, make([]byte, 1)) // it has opened and closed what it has to, to begin with
	require.NoError(t, err)
	soft := func() uint64 {
		var limit unix.Rlimit
		require.NoError(t, unix.Prlimit(cmd.Process.Pid, unix.RLIMIT_NOFILE, nil, &limit))
		return limit.Cur
	}
	before := soft()
	giveBack, err := LimitDescriptors(cmd.Process.Pid, 0)
	require.NoError(t, err)
	none := soft()
	for n := range none {
		_, err := os.Lstat(fmt.Sprintf("/proc/%d/fd/%d", cmd.Process.Pid, n))
		assert.NoError(t, err, "it may open one more")
	}
	giveBack()
	assert.Equal(t, before, soft())
	_, err = LimitDescriptors(cmd.Process.Pid, 5)
	require.NoError(t, err)
	assert.Equal(t, none+5, soft())
	assert.Less(t, none, uint64(40))
}

// TestSlab: the kernel has tables, and they are not all of the memory there is.
func TestSlab(t *testing.T) {
	n, err := Slab()
	require.NoError(t, err)
	assert.Greater(t, n, int64(1<<20))
	assert.Zero(t, n%1024)
}
