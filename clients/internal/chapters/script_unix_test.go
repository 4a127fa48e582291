//go:build unix

package chapters

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGuardScript sends signals to a program and its guard. The program takes them; the guard
// goes on, and kills both when the pipe is closed.
func TestGuardScript(t *testing.T) {
	signals := make(chan os.Signal, 1) // no shell can trap what is ignored when it starts, under nohup for example
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)
	program := exec.Command("sh", "-c", "trap 'echo taken' HUP INT TERM; kill -HUP 0; kill -INT 0; kill -TERM 0; echo; read -r line")
	in, err := program.StdinPipe()
	require.NoError(t, err)
	out, err := program.StdoutPipe()
	require.NoError(t, err)
	end, err := Guard(program)
	require.NoError(t, err)
	require.NoError(t, program.Start())
	taken := make([]byte, len("taken\n")*3+1)
	_, err = io.ReadFull(out, taken)
	require.NoError(t, err)
	assert.Equal(t, "taken\ntaken\ntaken\n\n", string(taken))
	end()
	in.Close()
	assert.EqualError(t, program.Wait(), "signal: killed")
}
