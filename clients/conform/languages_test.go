package main

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quick is what takes the servers in other languages no seconds. .ci/run tries the rest, too.
const quick = "^(greeting|frames|echo|errors|data|session|vanish|pace)/|half-close/a|service/(a|t)"

// TestPython holds the server in clients/testdata to the protocol.
func TestPython(t *testing.T) {
	python := program(t, "python3")
	addr := start(t, exec.Command(python, "../testdata/asyncio_server.py", "0"))
	code, out, err := examine(t, options{addr: addr, short: true, run: quick})
	require.NoError(t, err)
	assert.Equal(t, kept, code, out)
	assert.Contains(t, out, " kept, 0 broken, ")
}

// TestC does that with the server in C, and sees it die if it doesn't ignore SIGPIPE.
func TestC(t *testing.T) {
	cc := program(t, "cc")
	code, out, err := examine(t, options{addr: startC(t, cc), short: true, run: quick + "|crowd/n"})
	require.NoError(t, err)
	assert.Equal(t, kept, code, out)
	assert.Contains(t, out, " kept, 0 broken, ")

	code, out, err = examine(t, options{addr: startC(t, cc, "-DDEADLY"), short: true, run: "^vanish/close"})
	require.NoError(t, err)
	assert.Equal(t, broken, code, out)
	assert.Contains(t, out, "broken: vanish/close without reading\n")
	assert.Contains(t, out, "when the client had closed its connection, the server served nobody any more: ")
	assert.Contains(t, out, "not tried, because the server serves nobody since vanish/close without reading")
}

// program returns where a program is.
func program(t *testing.T, name string) string {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip("needs " + name)
	}
	return path
}

func startC(t *testing.T, cc string, flags ...string) (addr string) {
	server := filepath.Join(t.TempDir(), "server")
	out, err := exec.Command(cc, append(flags, "-O2", "-pthread", "../testdata/threads_server.c", "-o", server)...).CombinedOutput()
	require.NoError(t, err, string(out))
	return start(t, exec.Command(server, "0"))
}

// start runs a server until the test ends, and returns its address.
func start(t *testing.T, cmd *exec.Cmd) string {
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
