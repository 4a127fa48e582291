//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestNoGoroutinePerClient proves that a thousand clients add no goroutine.
func TestNoGoroutinePerClient(t *testing.T) {
	addr := startServer(t)
	first := greeted(t, addr)
	before := runtime.NumGoroutine()
	for range 1000 {
		greeted(t, addr)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines with a thousand clients: no more than without")
	first.send("^P7$")
	first.finish("prime\n")
}

// strict is a poller that must forget a descriptor while it is open. It notes what it is told.
type strict struct {
	Poller
	t     *testing.T
	wants map[int][]Want // by descriptor
}

func (s strict) Watch(fd int, want Want) error {
	s.isOpen(fd)
	s.wants[fd] = append(s.wants[fd], want)
	return s.Poller.Watch(fd, want)
}

func (s strict) Forget(fd int) error {
	s.isOpen(fd)
	s.wants[fd] = append(s.wants[fd], WantNothing)
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
	poller, err := NewPoller(defaultPoller)
	require.NoError(t, err)
	t.Cleanup(func() { poller.Close() })
	return &loop{
		check: odd, poller: strict{poller, t, map[int][]Want{}}, alarm: &alarm{fd: -1}, listener: -1,
		conns: make(map[int]*conn), in: make([]byte, readSize),
	}
}

// TestUnsent has two clients take their replies bit by bit. What the sockets have no room
// for is kept, for each of them, and sent once and in order.
func TestUnsent(t *testing.T) {
	l := newLoop(t)
	var server, client [2]int
	var want, got [2]string
	for i := range 2 {
		server[i], client[i] = socketPair(t)
		require.NoError(t, unix.SetsockoptInt(server[i], unix.SOL_SOCKET, unix.SO_SNDBUF, 1))
		l.greet(server[i])
		payload := strings.Repeat(strconv.Itoa(123456789+i), 1500)
		want[i] = Greeting + plusOne(payload)
		unix.Write(client[i], []byte("^"+payload+"$"))
		require.NoError(t, l.turn(server[i]))
		require.NoError(t, l.turn(server[i])) // there is still no room
	}
	buf := make([]byte, readSize)
	for range 20_000 { // at a byte a time, if the system takes the size at its word
		for i := range 2 {
			n, _, _ := unix.Recvfrom(client[i], buf, unix.MSG_DONTWAIT)
			got[i] += string(buf[:max(n, 0)])
			require.NoError(t, l.turn(server[i]))
		}
	}
	for i := range 2 {
		if got[i] == want[i] {
			continue
		}
		same := 0
		for same < min(len(got[i]), len(want[i])) && got[i][same] == want[i][same] {
			same++
		}
		t.Errorf("a client that reads slowly has %d bytes of its replies, of %d; the first %d are right, and then come %.20q for %.20q",
			len(got[i]), len(want[i]), same, got[i][same:], want[i][same:])
	}
	for i := range 2 {
		c := l.conns[server[i]]
		require.NotNil(t, c, "a client that reads slowly is dropped")
		assert.Zero(t, cap(c.unsent), "bytes of memory that a client keeps after it was slow once")
	}
}

// TestDrop proves that a client who has left is forgotten, and its socket closed.
func TestDrop(t *testing.T) {
	l := newLoop(t)
	end, client := socketPair(t)
	server, err := unix.Dup(end) // socketPair closes its own
	require.NoError(t, err)
	l.greet(server)
	require.NoError(t, unix.Shutdown(client, unix.SHUT_WR))
	require.NoError(t, l.turn(server))
	assert.Zero(t, len(l.conns), "a client has left, and the loop still knows it: its number will be the next client's")
	assert.Equal(t, []Want{WantRead, WantNothing}, l.poller.(strict).wants[server], "what the poller was told: 1 for read, and 0 when it has to forget")
	_, err = unix.FcntlInt(uintptr(server), unix.F_GETFD, 0)
	assert.ErrorIs(t, err, unix.EBADF, "a client has left, and its descriptor is still open: the server will run out of them")
}

// TestTurn proves that a turn is one read: a client that sends and sends does not keep it.
func TestTurn(t *testing.T) {
	l := newLoop(t)
	server, client := socketPair(t)
	l.greet(server)
	replies := make([]byte, 4*readSize)
	say := func(s string) string {
		unix.Write(client, []byte(s))
		require.NoError(t, l.turn(server))
		n, _, _ := unix.Recvfrom(client, replies, unix.MSG_DONTWAIT)
		return string(replies[:max(n, 0)])
	}
	assert.Equal(t, "*", say(""), "a client says nothing, and should have its greeting")
	assert.Equal(t, "", say("^P10"), "half a number is no request")
	assert.Equal(t, "prime\n", say("1$"), "a number comes in two reads, and the client gets another reply")
	assert.Equal(t, strings.Repeat("b", readSize-1), say("^"+strings.Repeat("a", 3*readSize)), "a turn should read once, and answer that")
}

// TestTurnWithLongChecks proves that a turn makes one long check at most, and first sends
// what is ready.
func TestTurnWithLongChecks(t *testing.T) {
	l := newLoop(t)
	server, client := socketPair(t)
	l.greet(server)
	replies := make([]byte, 100)
	turn := func() string {
		require.NoError(t, l.turn(server))
		n, _, _ := unix.Recvfrom(client, replies, unix.MSG_DONTWAIT)
		return string(replies[:max(n, 0)])
	}
	unix.Write(client, []byte("^a$^P7$^P1000000000001$^b$^P1000000000002$^P1000000000003$^P8$"))
	for i, want := range []string{"*bprime\n", "prime\nc", "composite\n", "prime\ncomposite\n", ""} {
		assert.Equal(t, want, turn(), "what a client gets in turn %d: one long check, and what follows it up to the next", i+1)
	}
	unix.Write(client, []byte("^d$"))
	assert.Equal(t, "e", turn(), "all is answered, and the next request gets another reply")
	assert.Zero(t, cap(l.conns[server].rest), "bytes of memory that a client keeps after it has asked for much at once")
	unix.Write(client, fmt.Appendf(nil, "^P%d$^d$^P%d$^d$", Cheap-1, Cheap))
	assert.Equal(t, "prime\ne", turn(), "the largest number that is cheap, and the smallest that is not")
	assert.Equal(t, "composite\ne", turn(), "the check that was left for the next turn, and what follows it")
}

// TestWants proves what the loop waits for: bytes from a client, and room only while it has
// something to send. A socket nearly always has room, so a loop that waits for it turns round and
// round. The poller is told when that changes, and only then.
func TestWants(t *testing.T) {
	l := newLoop(t)
	server, client := socketPair(t)
	l.greet(server)
	told := func(why string, want ...Want) {
		t.Helper()
		assert.Equal(t, want, l.poller.(strict).wants[server], "what the poller was told, 1 for read and 2 for write, %s", why)
	}
	for range 3 {
		unix.Write(client, []byte("^a$"))
		require.NoError(t, l.turn(server))
	}
	told("by the greeting and three echoes", WantRead)
	unix.Write(client, []byte("^P1000000000001$"))
	require.NoError(t, l.turn(server))
	told("with a check to make", WantRead, WantWrite)
	require.NoError(t, l.turn(server))
	told("when it is made", WantRead, WantWrite, WantRead)

	require.NoError(t, unix.SetsockoptInt(server, unix.SOL_SOCKET, unix.SO_SNDBUF, 1))
	unix.Write(client, []byte("^"+strings.Repeat("a", readSize-1)))
	require.NoError(t, l.turn(server))
	told("with replies for which there is no room", WantRead, WantWrite, WantRead, WantWrite)
	buf := make([]byte, readSize)
	for range 20_000 {
		unix.Recvfrom(client, buf, unix.MSG_DONTWAIT)
		require.NoError(t, l.turn(server))
	}
	told("when they are sent", WantRead, WantWrite, WantRead, WantWrite, WantRead)
	l.conns[server].unsent = []byte("b")
	require.NoError(t, l.watch(l.conns[server]))
	told("with one byte to send", WantRead, WantWrite, WantRead, WantWrite, WantRead, WantWrite)
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
	l.listener, err = takeOver(ln)
	require.NoError(t, err)
	defer unix.Close(l.listener)
	defer l.closeAll()
	dial(t, ln.Addr().String())
	require.NoError(t, l.turn(l.listener))
	require.Len(t, l.conns, 1)
	for fd := range l.conns {
		noDelay, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
		require.NoError(t, err)
		assert.NotZero(t, noDelay, "a client's replies wait until the one before is acknowledged")
	}
}

// lame is a poller that can't watch, can't stop watching, or can't wait.
type lame struct {
	Poller
	watch, pause, wait error
}

func (l lame) Watch(fd int, want Want) error {
	switch {
	case want == WantNothing && l.pause != nil:
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
	poller := l.poller
	l.poller = lame{Poller: poller, watch: failure}
	assert.Equal(t, failure, l.run(t.Context()), "a listener that can't be watched")
	end, _ := socketPair(t)
	server, err := unix.Dup(end)
	require.NoError(t, err)
	l.greet(server)
	assert.Empty(t, l.conns, "a client that can't be watched")
	l.listener, _ = socketPair(t)
	l.alarm.fd, _ = socketPair(t)
	l.poller = lame{Poller: poller, wait: failure}
	assert.Equal(t, failure, l.run(t.Context()), "a poller that can't wait")
	l.poller = lame{Poller: poller, pause: failure}
	var client int
	l.listener, client = socketPair(t) // can't accept, and the listener has to pause
	unix.Write(client, []byte("a"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // or a wrong loop goes round for ever
	defer cancel()
	assert.Equal(t, failure, l.run(ctx), "a listener that can't be left alone")
}

// TestAlarmIsHeard proves that the listener, which is left alone after a failed accept, is watched
// again when the alarm rings, and that the alarm is silent then: or the loop turns round and round.
func TestAlarmIsHeard(t *testing.T) {
	l := newLoop(t)
	alarm, err := newAlarm()
	require.NoError(t, err)
	defer alarm.Close()
	l.alarm = alarm
	l.listener, _ = socketPair(t)
	require.NoError(t, l.turn(alarm.fd))
	told := l.poller.(strict).wants
	assert.Empty(t, told[l.listener], "what the poller was told of a listener, though the alarm has not rung")
	alarm.Ring()
	require.NoError(t, l.turn(alarm.fd))
	assert.Equal(t, []Want{WantRead}, told[l.listener], "what the poller was told of a listener when the alarm has rung, 1 for read")
	assert.False(t, alarm.Rung(), "the loop has heard the alarm, and it rings on")
}

// TestAcceptTakesTurns proves that a turn of the listener is a few clients, and not all that
// are there.
func TestAcceptTakesTurns(t *testing.T) {
	l := newLoop(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l.listener, err = takeOver(ln)
	require.NoError(t, err)
	defer unix.Close(l.listener)
	defer l.closeAll()
	for range acceptMany + 2 {
		dial(t, ln.Addr().String())
	}
	for _, want := range []int{acceptMany, acceptMany + 2, acceptMany + 2} {
		require.NoError(t, l.turn(l.listener))
		assert.Len(t, l.conns, want)
	}
}

// sleeper is a poller that counts how often the loop waits.
type sleeper struct {
	Poller
	waits *atomic.Int64
}

func (s sleeper) Wait(ready []int) ([]int, error) {
	s.waits.Add(1)
	return s.Poller.Wait(ready)
}

// TestSleep proves that the loop sleeps when there is nothing to do: with an idle
// client, without descriptors, and with a client that does not read. A loop that spins
// waits thousands of times in the time that this test takes.
func TestSleep(t *testing.T) {
	for _, name := range pollerNames() {
		if name == "spin" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			defer func(before string) { testedPoller = before }(testedPoller)
			var waits atomic.Int64
			pollers["sleeper"] = func() (Poller, error) {
				poller, err := NewPoller(name)
				return sleeper{poller, &waits}, err
			}
			defer delete(pollers, "sleeper")
			testedPoller = "sleeper"

			complaint := captureLog(t)
			addr := startServer(t)
			deaf, idle, late := greeted(t, addr), greeted(t, addr), newSocket(t)
			idle.send("^a$")
			idle.expect("b")
			require.Less(t, len(sendUntilStuck(deaf.conn)), most-1<<20, "the server reads on from a client that reads nothing")
			allowMore := forbidDescriptors(t)
			connectSocket(t, late, addr)
			complaint.wait()
			before := waits.Load()
			time.Sleep(time.Second / 2)
			assert.Less(t, waits.Load()-before, int64(200), "rounds of the loop in half a second without work: the server turns round and round, and costs a core")
			allowMore()
			idle.finish("")
		})
	}
}

// TestServeFails proves that a server which can't begin leaves no port open.
func TestServeFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := newServer(nil)
	srv.Poller = "select"
	assert.ErrorContains(t, srv.Serve(t.Context(), ln), `no poller "select"`)
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "somebody listens")

	ln, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	hidden := struct{ net.Listener }{ln} // shows nothing of its socket
	assert.ErrorContains(t, newServer(nil).Serve(t.Context(), hidden), "no socket")
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "somebody listens")

	assert.ErrorIs(t, newServer(nil).Serve(t.Context(), ln), net.ErrClosed, "a server's listener was closed before it began, and it does not say so")
	failure := errors.New("out of sockets")
	assert.Equal(t, failure, newServer(nil).Serve(t.Context(), socketless{ln, failure}), "a server can't have its listener's socket, and does not say so")
}

// socketless is a listener that does not let go of its socket.
type socketless struct {
	net.Listener
	failure error
}

func (s socketless) SyscallConn() (syscall.RawConn, error) { return nil, s.failure }

// TestEveryPoller runs the tests of the whole server with each poller but the default one,
// with which they run anyway.
func TestEveryPoller(t *testing.T) {
	defer func(before string) { testedPoller = before }(testedPoller)
	for _, testedPoller = range pollerNames() {
		if testedPoller == defaultPoller {
			continue
		}
		t.Run(testedPoller, func(t *testing.T) {
			t.Run("sessions", TestSessions)
			t.Run("echo before the dollar", TestEchoBeforeTheDollar)
			t.Run("pipeline", TestPipeline)
			t.Run("large frame", TestLargeFrame)
			t.Run("resets", TestResets)
			t.Run("new client starts afresh", TestNewClientStartsAfresh)
			t.Run("shutdown", TestShutdown)
			t.Run("idle client", TestIdleClient)
			t.Run("client that does not read", TestClientThatDoesNotRead)
			t.Run("no goroutine per client", TestNoGoroutinePerClient)
			t.Run("one check at a time", TestOneCheckAtATime)
			t.Run("turn ends with check", TestTurnEndsWithCheck)
			t.Run("ready before check", TestReadyBeforeCheck)
			t.Run("stop between checks", TestStopBetweenChecks)
			t.Run("out of descriptors", TestOutOfDescriptors)
			t.Run("stop without descriptors", TestStopWithoutDescriptors)
		})
	}
}
