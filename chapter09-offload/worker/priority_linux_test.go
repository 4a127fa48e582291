package worker

import (
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
		assert.NoError(t, p.Do(t.Context(), func() { assert.Equal(t, 7, nice(t), "the nice value of a worker's thread") }))
		assert.Equal(t, before, nice(t), "the nice value of a thread that is no worker's")
	}
	p.Close()

	p = NewPool(Options{Workers: 2, Nice: 7})
	defer p.Close()
	assert.NoError(t, p.Do(t.Context(), func() { assert.Equal(t, before, nice(t), "a worker without a thread of its own has made somebody else's slow") }))
}
