//go:build unix

package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// eachPoller runs a test with each poller. spin names what it watches, ready or not.
func eachPoller(t *testing.T, test func(t *testing.T, p Poller)) {
	for name := range pollers {
		t.Run(name, func(t *testing.T) {
			p, err := NewPoller(name)
			require.NoError(t, err)
			defer p.Close()
			test(t, p)
		})
	}
}

// socketPair returns the two ends of a connection.
func socketPair(t *testing.T) (int, int) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { unix.Close(ends[0]) })
	t.Cleanup(func() { unix.Close(ends[1]) })
	require.NoError(t, unix.SetNonblock(ends[0], true))
	return ends[0], ends[1]
}

func wait(t *testing.T, p Poller) []int {
	ready, err := p.Wait(nil)
	require.NoError(t, err)
	slices.Sort(ready)
	return ready
}

func TestReadable(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		fd, other := socketPair(t)
		quiet, _ := socketPair(t)
		require.NoError(t, p.Watch(fd, WantRead))
		require.NoError(t, p.Watch(quiet, WantRead))
		unix.Write(other, []byte("ab"))
		for range 3 { // level-triggered: until the bytes are read
			ready := wait(t, p)
			assert.Contains(t, ready, fd)
			if _, spins := p.(*spin); !spins {
				assert.NotContains(t, ready, quiet, "there is nothing to read")
			}
		}
	})
}

func TestWritable(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		fd, other := socketPair(t)
		require.NoError(t, p.Watch(fd, WantRead))
		require.NoError(t, p.Watch(fd, WantWrite))
		assert.Contains(t, wait(t, p), fd, "there is room")

		for n := 1; n > 0; n, _ = unix.Write(fd, make([]byte, 1<<16)) {
		}
		full, reader := socketPair(t)
		require.NoError(t, p.Watch(full, WantRead))
		unix.Write(reader, []byte("a"))
		ready := wait(t, p)
		assert.Contains(t, ready, full)
		if _, spins := p.(*spin); !spins {
			assert.NotContains(t, ready, fd, "there is no room")
		}
		unix.Close(other)
		assert.Contains(t, wait(t, p), fd, "a failure makes it ready")
	})
}

func TestWantNothing(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		paused, other := socketPair(t)
		fd, another := socketPair(t)
		unix.Write(other, []byte("a"))
		unix.Write(another, []byte("a"))
		require.NoError(t, p.Watch(paused, WantRead))
		require.NoError(t, p.Watch(paused, WantNothing))
		require.NoError(t, p.Watch(fd, WantRead))
		assert.Equal(t, []int{fd}, wait(t, p), "nobody wants anything of the other")
		unix.Shutdown(other, unix.SHUT_RDWR)
		assert.Equal(t, []int{fd}, wait(t, p), "nobody wants to know that the other has hung up")
		require.NoError(t, p.Watch(paused, WantRead))
		assert.Contains(t, wait(t, p), paused)
	})
}

func TestForget(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		var fds []int
		others := map[int]int{}
		for range 3 {
			fd, other := socketPair(t)
			unix.Write(other, []byte("a"))
			require.NoError(t, p.Watch(fd, WantRead))
			fds, others[fd] = append(fds, fd), other
		}
		slices.Sort(fds)
		assert.Equal(t, fds, wait(t, p))
		require.NoError(t, p.Forget(fds[0]))
		unix.Shutdown(others[fds[0]], unix.SHUT_RDWR) // a hang-up comes unasked, if fd is still watched
		assert.Equal(t, fds[1:], wait(t, p), "a descriptor is still watched after Forget")
		require.NoError(t, p.Watch(fds[0], WantRead))
		require.NoError(t, p.Forget(fds[2]))
		assert.Equal(t, fds[:2], wait(t, p))
	})
}

// TestAlarm proves that an alarm wakes, and that it is silent again when it was heard.
func TestAlarm(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		a, err := newAlarm()
		require.NoError(t, err)
		defer a.Close()
		assert.False(t, a.Rung())
		require.NoError(t, p.Watch(a.fd, WantRead))
		go a.Ring()
		for !slices.Contains(wait(t, p), a.fd) || !a.Rung() {
		}
		assert.False(t, a.Rung())
	})
}

// TestAlarmClosesOnExec proves that no program which this one starts inherits an alarm.
func TestAlarmClosesOnExec(t *testing.T) {
	a, err := newAlarm()
	require.NoError(t, err)
	defer a.Close()
	for _, fd := range []int{a.fd, int(a.ring.Fd())} {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		assert.NotZero(t, flags&unix.FD_CLOEXEC)
	}
}

func TestUnknownPoller(t *testing.T) {
	_, err := NewPoller("select")
	assert.ErrorContains(t, err, `no poller "select" among [`)
}

// Example_eagain reads from a pipe in which there is nothing yet.
func Example_eagain() {
	var pipe [2]int // two descriptors: what you write to the second can be read from the first
	unix.Pipe(pipe[:])
	unix.SetNonblock(pipe[0], true)
	buf := make([]byte, 16)

	fmt.Println(unix.Read(pipe[0], buf))
	unix.Write(pipe[1], []byte("hello"))
	fmt.Println(unix.Read(pipe[0], buf))
	unix.Close(pipe[1])
	fmt.Println(unix.Read(pipe[0], buf))
	// Output:
	// -1 resource temporarily unavailable
	// 5 <nil>
	// 0 <nil>
}
