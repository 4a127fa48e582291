package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/proc"
)

// TestServers holds the nine servers, the one in Python and the one in C to the protocol and to
// what they promise, all at once. With CONFORM=long it tries what takes longer, too: ALL=1 .ci/run does.
func TestServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	long := os.Getenv("CONFORM") == "long"
	all, _, err := chapters.Find()
	require.NoError(t, err)
	require.Len(t, all, 9)
	require.FileExists(t, "../testdata/asyncio_server.py") // Go's test cache sees that
	dir := t.TempDir()
	for _, c := range all {
		require.NoError(t, chapters.Watch(c.Dir))
		t.Run(c.Name, func(t *testing.T) {
			if why := c.Unavailable(); why != "" {
				t.Skip(why)
			}
			t.Parallel()
			program, err := c.Build(t.Context(), dir)
			require.NoError(t, err)
			server, err := chapters.Start(t.Context(), program)
			require.NoError(t, err)
			t.Cleanup(server.Stop)
			o := options{addr: server.Addr, chapter: c.Number, short: !long, pid: watched(server)}
			if c.Number == 9 {
				o.timeout = 2 * time.Minute
			} else if long { // the largest primes are for chapter 9 alone: prime.go is the same in all
				o.run = `^([^n]|numbers/[^2(])`
			}
			examine(t, kept, o)
			if runtime.GOOS == "windows" {
				return // where nothing is interrupted
			}
			require.NoError(t, server.Signal(os.Interrupt))
			<-server.Ended()
			assert.Equal(t, "exit status 0", server.State(), server.Log())
		})
	}
	t.Run("Python", func(t *testing.T) {
		python, err := exec.LookPath("python3")
		if err != nil {
			t.Skip("needs python3")
		}
		t.Parallel()
		server, err := chapters.StartAt(t.Context(), []string{python, "../testdata/asyncio_server.py", "{port}"})
		require.NoError(t, err)
		t.Cleanup(server.Stop)
		o := options{addr: server.Addr, short: true}
		if !long { // what takes it seconds
			o.run = "^(greeting|frames|echo|errors|data|session|vanish|pace)/|half-close/a|service/(a|t)"
		}
		examine(t, kept, o)
	})
	t.Run("C", func(t *testing.T) {
		t.Parallel()
		server := startC(t)
		o := options{addr: server.Addr, short: true, pid: watched(server)}
		if !long {
			o.run = "^(echo|errors|vanish|shortage)/|crowd/n"
		}
		examine(t, kept, o)
	})
}

// TestDeadOfASignal proves that conform says what a server in C dies of that doesn't ignore
// SIGPIPE, as many do. It may be the case after that finds it dead.
func TestDeadOfASignal(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	server := startC(t, "-DDEADLY")
	out := examine(t, broken, options{addr: server.Addr, short: true, run: "^vanish/close"})
	assert.Contains(t, out, "broken: vanish/close ")
	assert.Regexp(t, `when the client had closed its connection( \(in vanish/close before ten checks\))?, the server served nobody any more: `, out)
	assert.Contains(t, out, "not tried, because the server serves nobody since vanish/close ")
}

// startC compiles the server in C and runs it until the test ends.
func startC(t *testing.T, flags ...string) *chapters.Server {
	cc, err := exec.LookPath("cc")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("needs cc and Unix")
	}
	require.FileExists(t, "../testdata/threads_server.c")
	program := filepath.Join(t.TempDir(), "server")
	out, err := exec.Command(cc, append(flags, "-O2", "-pthread", "../testdata/threads_server.c", "-o", program)...).CombinedOutput()
	require.NoError(t, err, string(out))
	server, err := chapters.StartAt(t.Context(), []string{program, "{port}"})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	return server
}

// watched returns the process whose memory conform watches, where it can.
func watched(s *chapters.Server) int {
	if _, err := proc.CPU(s.PID); err != nil {
		return 0
	}
	return s.PID
}
