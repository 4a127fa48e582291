//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// check begins an exercise, whose code never ends, and returns the id of the process that checks it.
func check(t *testing.T, line string) (pid int) {
	r, entrance := newReader(t, line)
	assert.Equal(t, 403, r.Post("/desk/1.1/start", "").StatusCode, "without the link")
	r.Ask("GET", entrance, "", "")
	require.Equal(t, 200, r.Post("/desk/1.1/start", "").StatusCode)
	told := filepath.Join(t.TempDir(), "pid")
	require.NoError(t, syscall.Mkfifo(told, 0o600))
	// Its name makes it the first that is initialized: before what limits the time of a test.
	holetest.Write(t, "my/1.1-add/a.go", "package adder\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n"+
		"\tos.WriteFile("+strconv.Quote(told)+", []byte(fmt.Sprint(os.Getpid())), 0)\n\tfor {\n\t}\n}\n")
	require.Equal(t, 200, r.Ask("GET", "/desk/1.1/events", "", "").StatusCode)
	text, err := os.ReadFile(told) // waits for the test to begin
	require.NoError(t, err)
	pid, err = strconv.Atoi(string(text))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	return pid
}

// adder writes a workbook of one chapter with one exercise into the current folder.
func adder(t *testing.T) {
	holetest.Workbook(t)
	holetest.Write(t, "README.md", "# A\n\ntext\n")
	holetest.Write(t, "chapter01-adder/README.md", "# Chapter 1: one\n\ntext\n")
}

// TestStoppedWhileItChecks: the processes of a check end before the book does, and its files are removed.
func TestStoppedWhileItChecks(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	adder(t)
	line, stop := open(t)
	pid := check(t, line)
	stop()
	assert.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "exercise*", "code", "a.go"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestKilledWhileItChecks kills the book. The processes of the check go with it.
func TestKilledWhileItChecks(t *testing.T) {
	adder(t)
	line, kill := launch(t)
	pid := check(t, line)
	kill()
	for syscall.Kill(pid, 0) == nil {
		time.Sleep(10 * time.Millisecond) // the test's own limit ends this, if nothing does
	}
}
