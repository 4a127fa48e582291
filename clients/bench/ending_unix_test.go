//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/testserver"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"bench": main}) }

// TestSignals proves that neither a server nor a folder is left behind.
func TestSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			testserver.Workbook(t, "chapter01-stuck")
			tmp := t.TempDir()
			bench := exec.Command("bench", "-scenario", "beside")
			bench.Env = append(os.Environ(), "TMPDIR="+tmp)
			require.NoError(t, bench.Start())
			testserver.Addresses(t, 2) // the first one was probed, and has gone
			require.NoError(t, bench.Process.Signal(signal))
			bench.Wait()
			assert.Equal(t, 1, bench.ProcessState.ExitCode(), bench.ProcessState)
			testserver.AwaitEnd(t, 2)
			left, err := os.ReadDir(tmp)
			require.NoError(t, err)
			assert.Empty(t, left)
		})
	}
}

// TestUnread proves that bench says so when nobody reads its tables, and writes the
// results all the same.
func TestUnread(t *testing.T) {
	o := short
	o.addr, o.names, o.out = testserver.Start(t, testserver.Server{}), "latency", "results"
	t.Chdir(t.TempDir())
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	r.Close()
	os.Stdout = w
	assert.ErrorIs(t, run(t.Context(), o), syscall.EPIPE)
	assert.FileExists(t, "results/latency.svg")
}
