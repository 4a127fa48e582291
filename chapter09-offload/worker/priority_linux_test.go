package worker

import (
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// nice returns the nice value of the calling thread. The system call, unlike the
// function of the C library, returns 20 minus nice.
func nice(t *testing.T) int {
	value, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	assert.NoError(t, err)
	return 20 - value
}

// TestPriority proves that a worker has the priority that it is given, and that nobody else
// has.
func TestPriority(t *testing.T) {
	before := nice(t)
	p := NewPool(Options{Workers: 2, Threads: true, Nice: 7})
	for range 10 {
		var both, calls sync.WaitGroup // each worker has one of two jobs
		both.Add(2)
		for range 2 {
			calls.Go(func() {
				assert.NoError(t, p.Do(t.Context(), func() {
					both.Done()
					both.Wait()
					assert.Equal(t, 7, nice(t), "the nice value of the thread on which a worker works: with 0 its checks take as much time from the echoes as everybody else")
				}))
			})
		}
		calls.Wait()
		assert.Equal(t, before, nice(t), "the nice value of a thread that is no worker's")
	}
	p.Close()

	p = NewPool(Options{Workers: 2, Nice: 7})
	defer p.Close()
	assert.NoError(t, p.Do(t.Context(), func() {
		assert.Equal(t, before, nice(t), "a worker without a thread of its own has made somebody else's slow")
	}))
}
