package main

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// TestServers holds the nine servers and the one in Python to the protocol and to what they
// promise, all at once. With CONFORM=long it tries what takes longer, too: .ci/run does.
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
			holds(t, o)
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
		holds(t, o)
	})
}

func holds(t *testing.T, o options) {
	code, out, err := examine(t, o)
	require.NoError(t, err)
	assert.Equal(t, kept, code, out)
	assert.Contains(t, out, " kept, 0 broken, ")
}

// watched returns the process whose memory conform watches, where it can.
func watched(s *chapters.Server) int {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		return 0
	}
	return s.PID
}
