//go:build unix

package server

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter06-refactor/poller"
	"example.com/concurrent-network-server/chapter06-refactor/socket"
)

// strict is a poller that must forget a descriptor while it is open. It notes what it is told.
type strict struct {
	poller.Poller
	t     *testing.T
	wants map[int][]poller.Want // by descriptor
}

func (s strict) Watch(fd int, want poller.Want) error {
	s.isOpen(fd)
	s.wants[fd] = append(s.wants[fd], want)
	return s.Poller.Watch(fd, want)
}

func (s strict) Forget(fd int) error {
	s.isOpen(fd)
	s.wants[fd] = append(s.wants[fd], poller.WantNothing)
	return s.Poller.Forget(fd)
}

func (s strict) isOpen(fd int) {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	assert.NoError(s.t, err, "closed before it is forgotten")
}

// odd is prime enough here.
func odd(n uint64) (bool, error) { return n%2 == 1, nil }

// newLoop returns a loop that the test has to turn.
func newLoop(t *testing.T) *loop {
	p, err := poller.New(poller.Default)
	require.NoError(t, err)
	t.Cleanup(func() { p.Close() })
	return &loop{
		check: odd, poller: strict{p, t, map[int][]poller.Want{}}, alarm: &poller.Alarm{FD: -1}, listener: -1,
		conns: make(map[int]*conn), in: make([]byte, readSize),
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

// TestWants proves what the loop waits for: bytes from a client, and room only while it has
// something to send. A socket nearly always has room, so a loop that waits for it turns round and
// round. The poller is told when that changes, and only then.
func TestWants(t *testing.T) {
	l := newLoop(t)
	server, client := socketPair(t)
	l.greet(server)
	told := func(why string, want ...poller.Want) {
		t.Helper()
		assert.Equal(t, want, l.poller.(strict).wants[server], "what the poller was told, 1 for read and 2 for write, %s", why)
	}
	for range 3 {
		unix.Write(client, []byte("^a$"))
		require.NoError(t, l.turn(server))
	}
	told("by the greeting and three echoes", poller.WantRead)
	unix.Write(client, []byte("^P1000000000001$"))
	require.NoError(t, l.turn(server))
	told("with a check to make", poller.WantRead, poller.WantWrite)
	require.NoError(t, l.turn(server))
	told("when it is made", poller.WantRead, poller.WantWrite, poller.WantRead)

	require.NoError(t, unix.SetsockoptInt(server, unix.SOL_SOCKET, unix.SO_SNDBUF, 1))
	unix.Write(client, []byte("^"+strings.Repeat("a", readSize-1)))
	require.NoError(t, l.turn(server))
	told("with replies for which there is no room", poller.WantRead, poller.WantWrite, poller.WantRead, poller.WantWrite)
	buf := make([]byte, readSize)
	for range 20_000 {
		unix.Recvfrom(client, buf, unix.MSG_DONTWAIT)
		require.NoError(t, l.turn(server))
	}
	told("when they are sent", poller.WantRead, poller.WantWrite, poller.WantRead, poller.WantWrite, poller.WantRead)
	l.conns[server].unsent = []byte("b")
	require.NoError(t, l.watch(l.conns[server]))
	told("with one byte to send", poller.WantRead, poller.WantWrite, poller.WantRead, poller.WantWrite, poller.WantRead, poller.WantWrite)
	require.NoError(t, l.turn(server))
	n, _, _ := unix.Recvfrom(client, buf, unix.MSG_DONTWAIT)
	assert.Equal(t, "b", string(buf[:max(n, 0)]), "one byte was left to send")
}

// TestRestIsKept proves that what a client has sent after a long check is still its own when
// others have sent something meanwhile: the loop reads all of them into one buffer.
func TestRestIsKept(t *testing.T) {
	l := newLoop(t)
	first, firstClient := socketPair(t)
	second, secondClient := socketPair(t)
	l.greet(first)
	l.greet(second)
	unix.Write(firstClient, []byte("^P1000000000001$^aaaa$"))
	require.NoError(t, l.turn(first))
	unix.Write(secondClient, []byte("^"+strings.Repeat("x", 100)+"$"))
	require.NoError(t, l.turn(second))
	require.NoError(t, l.turn(first))
	got := make([]byte, 100)
	n, err := unix.Read(firstClient, got)
	require.NoError(t, err)
	assert.Equal(t, "*prime\nbbbb", string(got[:n]), "a client gets replies to what another has sent")
}

// TestNoAllocation proves that replies cost no memory, even if they are longer than what they
// reply to.
func TestNoAllocation(t *testing.T) {
	l := newLoop(t)
	server, client := socketPair(t)
	l.greet(server)
	in, out := []byte(strings.Repeat("^P$", 2000)), make([]byte, 1<<16)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		unix.Write(client, in)
		if l.turn(server) != nil {
			t.Error("the loop has ended")
		}
		unix.Read(client, out)
	}), "allocations in a turn")
}

// TestClientsAreTuned proves that every client is: without TCP_NODELAY, a reply waits until the
// one before it is acknowledged, 40 ms.
func TestClientsAreTuned(t *testing.T) {
	l := newLoop(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l.listener, err = socket.TakeOver(ln)
	require.NoError(t, err)
	defer unix.Close(l.listener)
	defer l.closeAll()
	client, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, l.turn(l.listener))
	require.Len(t, l.conns, 1)
	for fd := range l.conns {
		noDelay, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
		require.NoError(t, err)
		assert.NotZero(t, noDelay, "a client's replies wait until the one before is acknowledged")
	}
}

// TestAlarmIsHeard proves that the listener, which is left alone after a failed accept, is watched
// again when the alarm rings, and that the alarm is silent then: or the loop turns round and round.
func TestAlarmIsHeard(t *testing.T) {
	l := newLoop(t)
	alarm, err := poller.NewAlarm()
	require.NoError(t, err)
	defer alarm.Close()
	l.alarm = alarm
	l.listener, _ = socketPair(t)
	require.NoError(t, l.turn(alarm.FD))
	told := l.poller.(strict).wants
	assert.Empty(t, told[l.listener], "what the poller was told of a listener, though the alarm has not rung")
	alarm.Ring()
	require.NoError(t, l.turn(alarm.FD))
	assert.Equal(t, []poller.Want{poller.WantRead}, told[l.listener], "what the poller was told of a listener when the alarm has rung, 1 for read")
	assert.False(t, alarm.Rung(), "the loop has heard the alarm, and it rings on")
}

// lame is a poller that can't watch, can't stop watching, or can't wait.
type lame struct {
	poller.Poller
	watch, pause, wait error
}

func (l lame) Watch(fd int, want poller.Want) error {
	switch {
	case want == poller.WantNothing && l.pause != nil:
		return l.pause
	case l.watch != nil:
		return l.watch
	}
	return l.Poller.Watch(fd, want)
}

func (l lame) Wait(ready []int) ([]int, error) {
	if l.wait != nil {
		return ready, l.wait
	}
	return l.Poller.Wait(ready)
}

// TestPollerFails proves that a server whose poller fails ends with its error, and does not turn
// round and round; and that a client which can't be watched is not left to wait for ever.
func TestPollerFails(t *testing.T) {
	failure := errors.New("out of memory")
	l := newLoop(t)
	inner := l.poller
	l.poller = lame{Poller: inner, watch: failure}
	assert.Equal(t, failure, l.run(t.Context()), "a listener that can't be watched")
	end, _ := socketPair(t)
	server, err := unix.Dup(end)
	require.NoError(t, err)
	l.greet(server)
	assert.Empty(t, l.conns, "a client that can't be watched")
	l.listener, _ = socketPair(t)
	l.alarm.FD, _ = socketPair(t)
	l.poller = lame{Poller: inner, wait: failure}
	assert.Equal(t, failure, l.run(t.Context()), "a poller that can't wait")
	l.poller = lame{Poller: inner, pause: failure}
	var client int
	l.listener, client = socketPair(t) // can't accept, and the listener has to pause
	unix.Write(client, []byte("a"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // or a wrong loop goes round for ever
	defer cancel()
	assert.Equal(t, failure, l.run(ctx), "a listener that can't be left alone")
}
