package proc

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// known skips a test where the system has no answer.
func known(t *testing.T, err error) {
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	require.NoError(t, err)
}

// TestCPU burns CPU time until it shows. A system that counts ticks shows it late.
func TestCPU(t *testing.T) {
	for name, cpu := range map[string]func(int) (time.Duration, error){"CPU": CPU, "gopsutil": cpuTime} {
		t.Run(name, func(t *testing.T) {
			before, err := cpu(os.Getpid())
			known(t, err)
			begin := time.Now()
			for now := before; now-before < 50*time.Millisecond; now, err = cpu(os.Getpid()) {
				require.NoError(t, err)
				require.Less(t, time.Since(begin), time.Minute, "no CPU time has been counted")
				for end := time.Now().Add(5 * time.Millisecond); time.Now().Before(end); {
				}
			}
			now, err := cpu(os.Getpid())
			require.NoError(t, err)
			assert.Less(t, now-before, time.Since(begin)*time.Duration(runtime.NumCPU())+time.Second, "more than the machine has")
		})
	}
}

// TestResident touches 64 MB.
func TestResident(t *testing.T) {
	for name, resident := range map[string]func(int) (int64, error){"Resident": Resident, "gopsutil": resident} {
		t.Run(name, func(t *testing.T) {
			before, err := resident(os.Getpid())
			known(t, err)
			memory := fresh(t, 64<<20)
			for i := 0; i < len(memory); i += 1024 {
				memory[i] = 1
			}
			after, err := resident(os.Getpid())
			require.NoError(t, err)
			assert.Greater(t, after-before, int64(50<<20))
			assert.Less(t, after-before, int64(200<<20))
			runtime.KeepAlive(memory)
		})
	}
}

// TestThreads ties twenty goroutines to threads. There are always a few more.
func TestThreads(t *testing.T) {
	_, err := Threads(os.Getpid())
	known(t, err)
	const locked = 20
	var tied, done sync.WaitGroup
	end := make(chan struct{})
	tied.Add(locked)
	for range locked {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			tied.Done()
			<-end
		})
	}
	tied.Wait()
	n, err := Threads(os.Getpid())
	require.NoError(t, err)
	assert.GreaterOrEqual(t, n, locked)
	assert.Less(t, n, 1000)
	close(end)
	done.Wait()
}

// TestDescriptors opens a hundred files and closes them. The system may open a few meanwhile,
// to look, or for a thread.
func TestDescriptors(t *testing.T) {
	open := func() int {
		n, err := Descriptors(os.Getpid())
		known(t, err)
		return n
	}
	const some, few = 100, 30
	before := open()
	var files []*os.File
	for range some {
		file, err := os.Open(os.DevNull)
		require.NoError(t, err)
		files = append(files, file)
	}
	assert.InDelta(t, before+some, open(), few)
	for _, file := range files {
		require.NoError(t, file.Close())
	}
	assert.InDelta(t, before, open(), few)
}

func TestNoProcess(t *testing.T) {
	_, err := CPU(-1)
	assert.Error(t, err)
	_, err = Resident(-1)
	assert.Error(t, err)
	_, err = Threads(-1)
	assert.Error(t, err)
	_, err = Descriptors(-1)
	assert.Error(t, err)
	_, err = LimitDescriptors(-1, 0)
	assert.Error(t, err)
}

// TestUnsupported asks what gopsutil answers on no system.
func TestUnsupported(t *testing.T) {
	_, err := ask(os.Getpid(), (*process.Process).IOnice)
	err = explain("I/O priority", os.Getpid(), err)
	assert.ErrorIs(t, err, errors.ErrUnsupported)
	assert.EqualError(t, err, "no I/O priority of a process on "+runtime.GOOS+": unsupported operation")
}
