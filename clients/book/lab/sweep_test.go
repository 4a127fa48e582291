//go:build unix

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSweep: what a killed lab has left is removed, and what a living one has isn't, nor what is none of a lab's.
func TestSweep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	cmd := exec.Command("true")
	require.NoError(t, cmd.Run())
	dead := filepath.Join(os.TempDir(), fmt.Sprint(folder, cmd.Process.Pid, "-1"))
	kept := []string{fmt.Sprint(folder, os.Getpid(), "-1"), fmt.Sprint(folder, os.Getppid(), "-1"), folder + "x-1", "other"}
	for _, name := range kept {
		require.NoError(t, os.Mkdir(filepath.Join(os.TempDir(), name), 0o700))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dead, "0"), 0o700))
	New(nil)
	assert.NoDirExists(t, dead)
	for _, name := range kept {
		assert.DirExists(t, filepath.Join(os.TempDir(), name))
	}
}

// TestEndsAtOnce: a server that doesn't end when it is told to is not waited for.
func TestEndsAtOnce(t *testing.T) {
	process, err := chapters.Launch(exec.Command("sh", "-c", "trap '' INT; echo ready; while :; do sleep 1; done"), 100)
	require.NoError(t, err)
	t.Cleanup(process.Stop)
	require.Eventually(t, func() bool { return strings.Contains(process.Log(), "ready") }, time.Minute, time.Millisecond)
	begin := time.Now()
	(&server{process: &chapters.Server{Process: process}}).end()
	assert.Equal(t, "signal: killed", process.State())
	assert.Less(t, time.Since(begin), 4*time.Second, "a program that is stopped has five")
}
