package proc

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
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

// TestResident takes 32 MB from the kernel and touches them: memory of Go's heap may be
// there from an earlier test.
func TestResident(t *testing.T) {
	before, err := Resident(os.Getpid())
	require.NoError(t, err)
	memory, err := unix.Mmap(-1, 0, 32<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	defer unix.Munmap(memory)
	for i := 0; i < len(memory); i += 1024 {
		memory[i] = 1
	}
	after, err := Resident(os.Getpid())
	require.NoError(t, err)
	assert.Greater(t, after-before, int64(20<<20))
}

// TestDescriptors opens twenty files and closes them. The folder that is read is open, too.
func TestDescriptors(t *testing.T) {
	open := func() int {
		numbers, err := Descriptors(os.Getpid())
		require.NoError(t, err)
		return len(numbers)
	}
	before := open()
	var files []*os.File
	for range 20 {
		file, err := os.Open(os.DevNull)
		require.NoError(t, err)
		files = append(files, file)
	}
	during := open()
	assert.GreaterOrEqual(t, during, before+20)
	for _, file := range files {
		require.NoError(t, file.Close())
	}
	assert.Equal(t, during-20, open())
}

func TestNoProcess(t *testing.T) {
	_, err := CPU(-1)
	assert.Error(t, err)
	_, err = Resident(-1)
	assert.Error(t, err)
	_, err = Descriptors(-1)
	assert.Error(t, err)
}
