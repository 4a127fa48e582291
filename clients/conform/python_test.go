package main

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPython holds the server in clients/testdata to the protocol, but for what takes it
// seconds. .ci/run tries that too.
func TestPython(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3")
	}
	quick := "^(greeting|frames|echo|errors|data|session|vanish|pace)/|half-close/a|service/(a|t)"
	code, out, err := examine(t, options{addr: startPython(t, python), short: true, run: quick})
	require.NoError(t, err)
	assert.Equal(t, kept, code, out)
	assert.Contains(t, out, " kept, 0 broken, in ")
}

// startPython runs the server until the test ends, and returns its address.
func startPython(t *testing.T, python string) string {
	cmd := exec.Command(python, "../testdata/asyncio_server.py", "0")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	_, addr, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	require.True(t, found, line)
	return addr
}
