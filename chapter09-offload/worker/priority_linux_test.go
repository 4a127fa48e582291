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

// TestPriority proves that a worker has the lowest priority, and that nobody else does.
func TestPriority(t *testing.T) {
	before := nice(t)
	p := NewPool(2, true)
	for range 10 {
		assert.NoError(t, p.Do(t.Context(), func() { assert.Equal(t, lowestPriority, nice(t)) }))
		assert.Equal(t, before, nice(t))
	}
	p.Close()

	p = NewPool(2, false)
	defer p.Close()
	assert.NoError(t, p.Do(t.Context(), func() { assert.Equal(t, before, nice(t)) }))
}
