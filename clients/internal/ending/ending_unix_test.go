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
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		assert.Contains(t, endedBy(t, s), s.String())
	}
}

// TestNohup proves that a program under nohup goes on when the terminal is closed.
func TestNohup(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	t.Cleanup(func() {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // Reset alone leaves it ignored
		signal.Reset(syscall.SIGHUP)
	})
	assert.Contains(t, endedBy(t, syscall.SIGHUP, syscall.SIGTERM), "terminated")
}
