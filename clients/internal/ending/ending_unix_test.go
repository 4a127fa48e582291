//go:build unix

package ending

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endedBy sends signals to this process until one ends the context, and returns which.
func endedBy(t *testing.T, signals ...syscall.Signal) string {
	ctx, stop := Context()
	defer stop()
	for _, s := range signals {
		require.NoError(t, syscall.Kill(syscall.Getpid(), s))
	}
	<-ctx.Done()
	return context.Cause(ctx).Error()
}

func TestContext(t *testing.T) {
	heed(t, syscall.SIGHUP)
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		assert.Contains(t, endedBy(t, s), s.String())
	}
}

// heed undoes until the test ends what nohup has done, or a shell that traps the signal with nothing.
func heed(t *testing.T, s syscall.Signal) {
	if !signal.Ignored(s) {
		return
	}
	t.Cleanup(func() { signal.Ignore(s) })
	signal.Notify(make(chan os.Signal, 1), s) // Reset alone leaves it ignored
}

// TestNohup proves that a program under nohup goes on when the terminal is closed.
func TestNohup(t *testing.T) {
	if !signal.Ignored(syscall.SIGHUP) {
		t.Cleanup(func() {
			signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
			signal.Reset(syscall.SIGHUP)
		})
	}
	signal.Ignore(syscall.SIGHUP)
	assert.Contains(t, endedBy(t, syscall.SIGHUP, syscall.SIGTERM), "terminated")
}
