package proc

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCPU burns CPU time until it shows.
func TestCPU(t *testing.T) {
	before, err := CPU(os.Getpid())
	require.NoError(t, err)
	assert.Eventually(t, func() bool {
		for end := time.Now().Add(5 * time.Millisecond); time.Now().Before(end); {
		}
		now, err := CPU(os.Getpid())
		return err == nil && now > before+5*time.Millisecond
	}, 10*time.Second, time.Millisecond)
}

// TestResident takes 32 MB and touches them.
func TestResident(t *testing.T) {
	before, err := Resident(os.Getpid())
	require.NoError(t, err)
	memory := make([]byte, 32<<20)
	for i := 0; i < len(memory); i += 1024 {
		memory[i] = 1
	}
	after, err := Resident(os.Getpid())
	require.NoError(t, err)
	assert.Greater(t, after-before, int64(20<<20))
	assert.EqualValues(t, 1, memory[0])
}

func TestNoProcess(t *testing.T) {
	_, err := CPU(-1)
	assert.Error(t, err)
	_, err = Resident(-1)
	assert.Error(t, err)
}
