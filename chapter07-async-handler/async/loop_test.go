//go:build unix

package async

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/socket"
)

// observed is a poller that counts calls, and wants a descriptor to be open when it is
// forgotten.
type observed struct {
	poller.Poller
	t              *testing.T
	watches, waits int
}

func (o *observed) Watch(fd int, want poller.Want) error {
	o.watches++
	return o.Poller.Watch(fd, want)
}

func (o *observed) Forget(fd int) error {
	assert.True(o.t, isOpen(fd), "closed before it is forgotten")
	return o.Poller.Forget(fd)
}

func (o *observed) Wait(ready []int) ([]int, error) {
	o.waits++
	return o.Poller.Wait(ready)
}

func isOpen(fd int) bool {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err == nil
}

// newLoop returns a loop and a function that runs it until all other tasks are done.
func newLoop(t *testing.T) (*Loop, func()) {
	p, err := poller.New(poller.Default)
	require.NoError(t, err)
	t.Cleanup(func() { p.Close() })
	loop, err := NewLoop(&observed{Poller: p, t: t})
	require.NoError(t, err)
	return loop, func() {
		defer goleak.VerifyNone(t)
		ctx, cancel := context.WithCancel(t.Context())
		fd, _ := pair(t)
		loop.Go(fd, func(s *Socket) {
			for len(loop.tasks) > 1 {
				s.Sleep(time.Millisecond)
			}
			cancel()
		})
		require.NoError(t, loop.Run(ctx))
		loop.Close()
		assert.Empty(t, loop.tasks)
		assert.False(t, isOpen(loop.alarm.FD))
	}
}

// pair returns a non-blocking socket for a task, and its other end.
func pair(t *testing.T) (int, *os.File) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.SetNonblock(ends[0], true))
	other := os.NewFile(uintptr(ends[1]), "other end")
	t.Cleanup(func() { other.Close() })
	return ends[0], other
}

// TestTurns proves that a task which waits lets the others run.
func TestTurns(t *testing.T) {
	loop, run := newLoop(t)
	var order []string
	task := func(name string, next io.Writer) func(*Socket) {
		return func(s *Socket) {
			order = append(order, name+" waits")
			s.Read(make([]byte, 1))
			order = append(order, name+" goes on")
			next.Write([]byte("a"))
		}
	}
	first, wakeFirst := pair(t)
	second, wakeSecond := pair(t)
	loop.Go(first, task("first", io.Discard))
	loop.Go(second, task("second", wakeFirst))
	wakeSecond.Write([]byte("a"))
	run()
	assert.Equal(t, []string{"first waits", "second waits", "second goes on", "first goes on"}, order)
}

// TestTurn proves that a turn is one read, even for a task that could read on.
func TestTurn(t *testing.T) {
	loop, run := newLoop(t)
	const turns = 10
	var order []string
	for _, name := range []string{"first", "second"} {
		fd, other := pair(t)
		other.Write(make([]byte, turns))
		loop.Go(fd, func(s *Socket) {
			for range turns {
				s.Read(make([]byte, 1))
				order = append(order, name)
			}
		})
	}
	run()
	require.Len(t, order, 2*turns)
	for i := 0; i < len(order); i += 2 {
		assert.NotEqual(t, order[i], order[i+1])
	}
}

// TestAcceptTakesTurns proves that a turn of a listener is as many clients as are asked for,
// or as are there.
func TestAcceptTakesTurns(t *testing.T) {
	loop, run := newLoop(t)
	const clients, many = 10, 4
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	for range clients {
		c, err := net.Dial("tcp", ln.Addr().String())
		require.NoError(t, err)
		defer c.Close()
	}
	listener, err := socket.TakeOver(ln)
	require.NoError(t, err)
	var accepted, reads []int
	loop.Go(listener, func(s *Socket) {
		for fds := make([]int, many); len(accepted) < 3; {
			n, err := s.Accept(fds)
			require.NoError(t, err)
			for _, fd := range fds[:n] {
				assert.True(t, isOpen(fd))
				unix.Close(fd)
			}
			accepted = append(accepted, n)
		}
	})
	fd, other := pair(t)
	other.Write(make([]byte, clients))
	loop.Go(fd, func(s *Socket) {
		for range clients {
			s.Read(make([]byte, 1))
			reads = append(reads, len(accepted))
		}
	})
	run()
	assert.Equal(t, []int{4, 4, 2}, accepted, "clients in each turn of the listener")
	assert.IsNonDecreasing(t, reads)
	assert.Contains(t, reads, 1, "somebody else's turns, by how many the listener had had: one between its first and its second")
	assert.Contains(t, reads, 2)
}

// TestYield proves that a task which yields lets another run, and goes on by itself.
func TestYield(t *testing.T) {
	loop, run := newLoop(t)
	var order []string
	for _, name := range []string{"first", "second"} {
		fd, _ := pair(t)
		loop.Go(fd, func(s *Socket) {
			for range 3 {
				assert.NoError(t, s.Yield())
				order = append(order, name)
			}
		})
	}
	run()
	require.Len(t, order, 6)
	for i := 0; i < len(order); i += 2 {
		assert.NotEqual(t, order[i], order[i+1])
	}
}

// TestWatch proves that the poller is told when a task wants something else, and only
// then.
func TestWatch(t *testing.T) {
	loop, _ := newLoop(t)
	defer loop.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reads := func(s *Socket) { s.Read(make([]byte, 1)) }
	yields := func(s *Socket) { s.Yield() }
	done := 0
	for _, call := range []func(*Socket){reads, yields, reads} {
		fd, other := pair(t)
		other.Write(make([]byte, 10))
		loop.Go(fd, func(s *Socket) {
			for range 10 {
				call(s)
			}
			if done++; done == 3 {
				cancel()
			}
		})
	}
	require.NoError(t, loop.Run(ctx))
	assert.Equal(t, 4, loop.poller.(*observed).watches, "calls of Watch for ten reads, ten more by another task, and ten yields, each of which is a system call: one each, and the alarm's")
}

// TestSleepAfterHangUp proves that the loop sleeps when its task does, though its client has
// hung up: the kernel reports that to whoever watches the socket, asked or not.
func TestSleepAfterHangUp(t *testing.T) {
	loop, _ := newLoop(t)
	defer loop.Close()
	ctx, cancel := context.WithCancel(t.Context())
	fd, other := pair(t)
	other.Write([]byte("a"))
	loop.Go(fd, func(s *Socket) {
		s.Read(make([]byte, 1)) // so that it is watched
		other.Close()
		assert.NoError(t, s.Sleep(time.Second/10))
		_, err := s.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err)
		cancel()
	})
	require.NoError(t, loop.Run(ctx))
	assert.Less(t, loop.poller.(*observed).waits, 200) // a signal may wake it
}

// TestSleep proves that the loop sleeps when its task does, though there is something to
// read, and that it is not kept awake by an alarm that has rung.
func TestSleep(t *testing.T) {
	loop, _ := newLoop(t)
	defer loop.Close()
	ctx, cancel := context.WithCancel(t.Context())
	fd, other := pair(t)
	other.Write([]byte("a"))
	loop.Go(fd, func(s *Socket) {
		begin := time.Now()
		s.Sleep(time.Second / 10)
		assert.GreaterOrEqual(t, time.Since(begin), time.Second/10)
		s.Read(make([]byte, 1))
		time.AfterFunc(time.Second/10, func() { other.Write([]byte("a")) })
		s.Read(make([]byte, 1))
		cancel()
	})
	require.NoError(t, loop.Run(ctx))
	assert.Less(t, loop.poller.(*observed).waits, 200) // a signal may wake it
}

// TestAlarmIsForSleepers proves that a task which waits for room sleeps on when the alarm rings
// for another: it would begin to compute for a client that does not take its replies.
func TestAlarmIsForSleepers(t *testing.T) {
	loop, run := newLoop(t)
	fd, other := pair(t)
	for n := 1; n > 0; n, _ = unix.Write(fd, make([]byte, 1<<16)) {
	}
	yielded := false
	loop.Go(fd, func(s *Socket) { yielded = s.Yield() == nil })
	sleeper, _ := pair(t)
	loop.Go(sleeper, func(s *Socket) {
		assert.NoError(t, s.Sleep(time.Millisecond))
		assert.False(t, yielded, "there is no room, and the task goes on")
		other.Close()
	})
	run()
	assert.True(t, yielded, "its client has gone: a write will tell")
}

// lame is a poller that can't watch, or can't wait.
type lame struct {
	poller.Poller
	watch, wait error
}

func (l *lame) Watch(fd int, want poller.Want) error {
	if l.watch != nil {
		return l.watch
	}
	return l.Poller.Watch(fd, want)
}

func (l *lame) Wait(ready []int) ([]int, error) { return ready, l.wait }

// TestPollerFails proves that a loop whose poller fails ends with its error.
func TestPollerFails(t *testing.T) {
	failure := errors.New("out of memory")
	for _, broken := range []*lame{{watch: failure}, {wait: failure}} {
		p, err := poller.New(poller.Default)
		require.NoError(t, err)
		defer p.Close()
		broken.Poller = p
		loop, err := NewLoop(broken)
		require.NoError(t, err)
		defer loop.Close()
		assert.Equal(t, failure, loop.Run(t.Context()), "the poller has failed, and nobody hears of it")
	}
}
