//go:build unix

package poller

import (
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
			p, err := New(name)
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

// TestReadable proves that a descriptor is ready as long as there is something to read, and no other is.
func TestReadable(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		fd, other := socketPair(t)
		quiet, _ := socketPair(t)
		require.NoError(t, p.Watch(quiet, WantRead))
		require.NoError(t, p.Watch(fd, WantRead))
		unix.Write(other, []byte("ab"))
		for range 3 { // level-triggered: until the bytes are read
			ready := wait(t, p)
			assert.Contains(t, ready, fd, "there is something to read, and its client would wait for ever")
			if _, spins := p.(*spin); !spins {
				assert.NotContains(t, ready, quiet, "a descriptor is ready, and there is nothing to read: the loop turns in vain")
			}
		}
	})
}

// TestWritable proves that a descriptor is ready for writing when there is room or a failure, and not before.
func TestWritable(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		fd, other := socketPair(t)
		require.NoError(t, p.Watch(fd, WantRead))
		require.NoError(t, p.Watch(fd, WantWrite))
		assert.Contains(t, wait(t, p), fd, "there is room, and its client's replies would wait for ever")

		for n := 1; n > 0; n, _ = unix.Write(fd, make([]byte, 1<<16)) {
		}
		full, reader := socketPair(t)
		require.NoError(t, p.Watch(full, WantRead))
		unix.Write(reader, []byte("a"))
		ready := wait(t, p)
		assert.Contains(t, ready, full, "there is something to read, and its client would wait for ever")
		if _, spins := p.(*spin); !spins {
			assert.NotContains(t, ready, fd, "a descriptor is ready for writing, and there is no room: the loop turns in vain")
		}
		unix.Close(other)
		assert.Contains(t, wait(t, p), fd, "the other end is gone, and nobody would notice")
	})
}

// TestHangUpIsReady proves that a descriptor on which nothing but a hang-up or an error can be
// reported is ready: whoever reads or writes learns what it is.
func TestHangUpIsReady(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		var empty, full [2]int
		for _, ends := range []*[2]int{&empty, &full} {
			require.NoError(t, unix.Pipe(ends[:]))
			require.NoError(t, unix.SetNonblock(ends[1], true))
		}
		defer unix.Close(empty[0])
		defer unix.Close(full[1])
		for n := 1; n > 0; n, _ = unix.Write(full[1], make([]byte, 1<<16)) {
		}
		require.NoError(t, p.Watch(empty[0], WantRead))
		require.NoError(t, p.Watch(full[1], WantWrite))
		unix.Close(empty[1])
		unix.Close(full[0])
		ready := wait(t, p)
		assert.Contains(t, ready, empty[0], "a pipe without a writer: nobody would notice the end of its input")
		assert.Contains(t, ready, full[1], "a full pipe whose reader has gone: the writer would wait for ever")
	})
}

// TestWantNothing proves that a descriptor of which nobody wants anything is never ready, and that it is
// heard of again when somebody does.
func TestWantNothing(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		paused, other := socketPair(t)
		fd, another := socketPair(t)
		require.NoError(t, p.Watch(paused, WantNothing), "it isn't watched yet")
		unix.Write(other, []byte("a"))
		unix.Write(another, []byte("a"))
		require.NoError(t, p.Watch(paused, WantRead))
		require.NoError(t, p.Watch(paused, WantNothing))
		require.NoError(t, p.Watch(fd, WantRead))
		assert.Equal(t, []int{fd}, wait(t, p), "the descriptors that are ready, of two with something to read; of the other nobody wants anything")
		unix.Shutdown(other, unix.SHUT_RDWR)
		assert.Equal(t, []int{fd}, wait(t, p), "the descriptors that are ready; the other has hung up, which nobody wants to know")
		require.NoError(t, p.Watch(paused, WantRead))
		assert.Contains(t, wait(t, p), paused, "it is wanted again, and its client would wait for ever")
	})
}

// TestForget proves that nobody hears of a descriptor after Forget, and that all others are still heard of.
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
		assert.Equal(t, fds, wait(t, p), "the descriptors that are ready, when each of three has something to read")
		require.NoError(t, p.Forget(fds[0]))
		unix.Shutdown(others[fds[0]], unix.SHUT_RDWR) // a hang-up comes unasked, if fd is still watched
		assert.Equal(t, fds[1:], wait(t, p), "the first of three descriptors is forgotten: either it is still watched, or another is not any more")
		require.NoError(t, p.Watch(fds[0], WantRead))
		require.NoError(t, p.Forget(fds[2]))
		assert.Equal(t, fds[:2], wait(t, p), "the first is watched again and the last is forgotten: one of them is not where the poller looks for it")
		require.NoError(t, p.Forget(fds[1])) // the last in the list of some pollers
		unix.Shutdown(others[fds[1]], unix.SHUT_RDWR)
		assert.Equal(t, fds[:1], wait(t, p), "two of three descriptors are forgotten, and the wait names something other than the third")
	})
}

// TestForgetMovesOne proves that it takes poll no longer to forget one of a thousand descriptors
// than one of two: the others stay where they are, but one, and no place is left behind.
func TestForgetMovesOne(t *testing.T) {
	const n = 1000
	p := &poll{index: map[int]int{}}
	for fd := range n {
		require.NoError(t, p.Watch(fd, WantRead))
	}
	require.NoError(t, p.Forget(0))
	moved := 0
	for i, entry := range p.fds {
		if int(entry.Fd) != i {
			moved++
		}
	}
	assert.Equal(t, n-1, len(p.fds), "Forget leaves its descriptor in the list, which grows with each client that has ever been there")
	assert.LessOrEqual(t, moved, 1, "Forget moves one descriptor for each that is there: the more clients, the dearer each that leaves")
}

// TestAlarm proves that an alarm wakes, and that it is silent again when it was heard.
func TestAlarm(t *testing.T) {
	eachPoller(t, func(t *testing.T, p Poller) {
		a, err := NewAlarm()
		require.NoError(t, err)
		defer a.Close()
		assert.False(t, a.Rung())
		require.NoError(t, p.Watch(a.FD, WantRead))
		go a.Ring()
		for !slices.Contains(wait(t, p), a.FD) || !a.Rung() {
		}
		assert.False(t, a.Rung())
	})
}

// TestAlarmClosesOnExec proves that no program which this one starts inherits an alarm.
func TestAlarmClosesOnExec(t *testing.T) {
	a, err := NewAlarm()
	require.NoError(t, err)
	defer a.Close()
	for _, fd := range []int{a.FD, int(a.ring.Fd())} {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		assert.NotZero(t, flags&unix.FD_CLOEXEC)
	}
}

// TestUnknownPoller proves that a name which is none is refused, with those that there are.
func TestUnknownPoller(t *testing.T) {
	_, err := New("select")
	assert.ErrorContains(t, err, `no poller "select" among [`)
}
