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
// Wait must not. What was ready the last time is not, because of that, ready again.
func TestSignal(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGUSR1)
	defer signal.Stop(signals)
	eachPoller(t, func(t *testing.T, p Poller) {
		fd, other := socketPair(t)
		require.NoError(t, p.Watch(fd, WantRead))
		unix.Write(other, []byte("a"))
		wait(t, p)
		unix.Read(fd, make([]byte, 1))
		_, spins := p.(*spin)
		thread, done := make(chan int), make(chan error)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread <- unix.Gettid()
			ready, err := p.Wait(nil)
			assert.True(t, spins || len(ready) == 0, "a signal has come, and nothing else: %v are not ready any more", ready)
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

// TestEpollClosesOnExec proves that no program which this one starts inherits the poller.
func TestEpollClosesOnExec(t *testing.T) {
	p, err := newEpoll()
	require.NoError(t, err)
	defer p.Close()
	flags, err := unix.FcntlInt(uintptr(p.(*epoll).fd), unix.F_GETFD, 0)
	require.NoError(t, err)
	assert.NotZero(t, flags&unix.FD_CLOEXEC, "a program that the server starts inherits its poller")
}

// TestDefault proves that on Linux the server uses epoll where nobody names another poller.
func TestDefault(t *testing.T) {
	assert.Equal(t, "epoll", Default)
	assert.Contains(t, Names(), "epoll")
}
