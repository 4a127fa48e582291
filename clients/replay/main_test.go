package main

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"replay": main}) }

// runProgram returns what a program prints and its exit code.
func runProgram(t *testing.T, name string, args ...string) (stdout, stderr string, code int) {
	cmd := exec.Command(name, args...)
	var out, errors strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errors
	if err := cmd.Run(); err != nil {
		require.IsType(t, &exec.ExitError{}, err)
	}
	return out.String(), errors.String(), cmd.ProcessState.ExitCode()
}

// TestTwins compares replay with the Python client: right and wrong servers.
func TestTwins(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("needs python3")
	}
	reply := func(reply string) testserver.Server {
		return testserver.Server{AtOnce: 1, Reply: func(payload string) string {
			if payload == "P7" {
				return reply
			}
			return testserver.Reply(payload)
		}}
	}
	tests := []struct {
		name, addr string
		code       int
	}{
		{"right", testserver.Start(t, testserver.Server{AtOnce: 1}), 0},
		{"one request", testserver.Start(t, testserver.Server{AtOnce: 1, OneRequest: true}), 0},
		{"refused", "127.0.0.1:1", 1},
		{"greeting", testserver.Start(t, testserver.Server{Greeting: "+"}), 1},
		{"error", testserver.Start(t, reply("error: tired\n")), 1},
		{"composite", testserver.Start(t, reply("composite\n")), 1},
		{"hang-up", testserver.Start(t, reply(testserver.Hangup)), 1},
	}
	script := "../simple_test_client.py"
	require.FileExists(t, script) // Go's test cache sees that the test looks at it, but not that Python does
	python, _, _ := runProgram(t, "python3", "-c", "import sys; print(sys.executable, end='')")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			host, port, _ := net.SplitHostPort(test.addr)
			want, _, wantCode := runProgram(t, python, script, host, port)
			got, stderr, code := runProgram(t, "replay", "-addr", test.addr)
			assert.Equal(t, want, got)
			assert.Equal(t, test.code, wantCode)
			assert.Equal(t, test.code, code)
			assert.Equal(t, test.code, strings.Count(stderr, "\n"), stderr)
		})
	}
}

func TestTimeline(t *testing.T) {
	var out strings.Builder
	addr := testserver.Start(t, testserver.Server{AtOnce: 1})
	require.NoError(t, replay(addr, true, terminal.Pipe(&out)))
	assert.Regexp(t, `^LongPrime: prime\nEcho: echo\nSmallPrime: prime\n\nLongPrime .*█+✓ +1st \S+s\nEcho  .*\n`+
		`SmallPrime .*\n +0s +\S+s\n\n░ waits`, out.String())
}

// TestBrokenTimeline shows how far the script has come.
func TestBrokenTimeline(t *testing.T) {
	var out strings.Builder
	addr := testserver.Start(t, testserver.Server{Reply: func(string) string { return testserver.Hangup }})
	assert.Error(t, replay(addr, true, terminal.Pipe(&out)))
	assert.Regexp(t, "(?m)^LongPrime .*█$", out.String())
}
