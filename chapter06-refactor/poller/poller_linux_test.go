package poller

import (
	"os"
	"os/signal"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestSignal interrupts a poller that waits: the system call fails with EINTR, and
// Wait must not.
func TestSignal(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGUSR1)
	defer signal.Stop(signals)
	eachPoller(t, func(t *testing.T, p Poller) {
		thread, done := make(chan int), make(chan error)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread <- unix.Gettid()
			_, err := p.Wait(nil)
			done <- err
		}()
		tid := <-thread
		for {
			require.NoError(t, unix.Tgkill(unix.Getpid(), tid, unix.SIGUSR1))
			select {
			case err := <-done:
				assert.NoError(t, err)
				return
			case <-signals:
			}
		}
	})
}
