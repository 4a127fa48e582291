//go:build unix

package beside

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestClose: when the book is closed while a check runs, no process is left of it.
func TestClose(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r := begun(t, "for { a++ }")
	pid := filepath.Join(t.TempDir(), "pid")
	require.NoError(t, syscall.Mkfifo(pid, 0o600))
	holetest.Write(t, "my/1.1-add/pid.go", "package adder\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() { os.WriteFile("+strconv.Quote(pid)+", []byte(fmt.Sprint(os.Getpid())), 0) }\n")
	r.look()
	text, err := os.ReadFile(pid) // waits for the test to begin
	require.NoError(t, err)
	number, err := strconv.Atoi(string(text))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(number, 0))
	r.Close()
	assert.ErrorIs(t, syscall.Kill(number, 0), syscall.ESRCH)
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "exercise*", "code", "pid.go"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
