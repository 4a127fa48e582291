//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// init is the program itself, with -idle-timeout, where a test has started it.
func init() {
	if timeout := os.Getenv("WORKBOOK_IDLE"); timeout != "" {
		os.Args = []string{os.Args[0], "-addr", "127.0.0.1:0", "-idle-timeout", timeout}
		defaultPoller = "poll" // the one that is known before other files' init
		main()
		os.Exit(0)
	}
}

const minute = time.Minute

// clock is a time that passes when the test says so.
type clock struct{ passed atomic.Int64 }

func setClock(t *testing.T) *clock {
	c, real := &clock{}, now
	begin := real()
	now = func() time.Time { return begin.Add(time.Duration(c.passed.Load())) }
	t.Cleanup(func() { now = real })
	return c
}

// startIdle runs a server whose clients may be silent for a time, until the test ends.
func startIdle(t *testing.T, timeout time.Duration, check checkFunc) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := newServer(check)
	field := reflect.ValueOf(server).Elem().FieldByName("IdleTimeout")
	require.True(t, field.IsValid() && field.Type() == reflect.TypeFor[time.Duration](), "the Server should have a field IdleTimeout, a time.Duration: how long a client may be silent")
	field.SetInt(int64(timeout))
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- server.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-done, "a stop, and Serve fails")
	})
	return ln.Addr().String()
}

// withEachPoller runs a test of the whole server with each poller.
func withEachPoller(t *testing.T, test func(t *testing.T)) {
	defer func(before string) { testedPoller = before }(testedPoller)
	for _, testedPoller = range pollerNames() {
		t.Run(testedPoller, test)
	}
}

// echoes has a client ask for an echo, which is a proof that it is served.
func (c *client) echoes(wrong string) {
	c.t.Helper()
	c.send("^a$")
	got := make([]byte, 1)
	_, err := io.ReadFull(c.conn, got)
	require.NoError(c.t, err, wrong)
	require.Equal(c.t, "b", string(got))
}

// pass lets time pass when the loop has done all that it had to do before, which it has when it answers
// the pacer, a client that does nothing else; and has the loop look at the time.
func (c *clock) pass(d time.Duration, pacer *client) {
	pacer.t.Helper()
	pacer.echoes("a client is hung up on that speaks all the time")
	c.passed.Add(int64(d))
	pacer.echoes("a client is hung up on that speaks all the time")
}

// hasGone waits for the end of a client's connection, which must be tidy.
func (c *client) hasGone(wrong string) {
	c.t.Helper()
	got, err := io.ReadAll(c.conn)
	require.NoError(c.t, err, wrong)
	require.Empty(c.t, got)
}

// TestIdle compares idle with a map that is searched from end to end.
func TestIdle(t *testing.T) {
	const limit = time.Minute
	counted, since := idle{limit: limit}, map[int]time.Time{}
	at := time.Now()
	for step := range 20_000 {
		at = at.Add(time.Duration(1 + rand.IntN(2000)*int(time.Millisecond)))
		oldest, oldestAt := -1, at
		for fd, begin := range since {
			if begin.Before(oldestAt) {
				oldest, oldestAt = fd, begin
			}
		}
		next, ok := counted.next()
		require.Equal(t, oldest >= 0, ok, "step %d: next says whether somebody is counted for; %d are", step, len(since))
		if ok {
			require.True(t, next.Equal(oldestAt.Add(limit)), "step %d: next is %v from when the first has to go", step, next.Sub(oldestAt.Add(limit)))
		}
		fd, due := counted.silent(at)
		require.Equal(t, oldest >= 0 && !at.Before(oldestAt.Add(limit)), due, "step %d: whether somebody has to go; the oldest has been silent for %v, and may be for %v", step, at.Sub(oldestAt), limit)
		if due {
			require.Equal(t, oldest, fd, "step %d: who has to go", step)
			delete(since, fd)
		}
		fd = rand.IntN(100)
		if rand.IntN(3) > 0 {
			counted.spoke(fd, at)
			since[fd] = at
		} else {
			counted.gone(fd)
			delete(since, fd)
		}
	}
	forever := idle{}
	forever.spoke(1, at)
	_, ok := forever.next()
	assert.False(t, ok, "clients may be silent for ever, and one of them has to go")
}

// cpuTime returns the CPU time of this process, which doesn't depend on what others do.
func cpuTime() time.Duration {
	var used unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestIdleCost proves that it costs little to count for many clients, whoever of them speaks: with a
// hundred times as many, a search costs a hundred times as much, and a heap a few times.
func TestIdleCost(t *testing.T) {
	at := time.Now()
	cost := func(clients int) time.Duration {
		counted := idle{limit: time.Minute}
		for fd := range clients {
			counted.spoke(fd, at)
		}
		const times = 20_000
		before := cpuTime()
		for n := range times {
			at = at.Add(1)
			counted.spoke(rand.IntN(clients), at)
			_, ok := counted.next()
			_, due := counted.silent(at)
			require.True(t, ok && !due, "nobody is counted for, or has to go too early")
			if n%100 > 0 {
				continue
			}
			if used := cpuTime() - before; used > 2*time.Second {
				return used * times / time.Duration(n+1)
			}
		}
		return cpuTime() - before
	}
	few, many := time.Hour, time.Hour
	for try := 0; try < 3 && many > 20*time.Millisecond; try++ {
		few, many = min(few, cost(1000)), min(many, cost(100_000))
	}
	assert.Less(t, many, 25*few+20*time.Millisecond, "CPU time for 20,000 times that one of 100,000 clients speaks; with 1,000 clients it is %v", few)

	counted := idle{limit: time.Minute}
	for fd := range 100 {
		counted.spoke(fd, at)
	}
	fd := 0
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		fd, at = (fd+1)%100, at.Add(1)
		counted.spoke(fd, at)
	}), "allocations when a client speaks")
}

// TestIdleGoes proves, with each poller, that a silent client is hung up on, though nothing else
// happens that would wake the loop, and not before its time.
func TestIdleGoes(t *testing.T) {
	withEachPoller(t, func(t *testing.T) {
		const timeout = 30 * time.Millisecond
		addr := startIdle(t, timeout, IsPrimeContext)
		for range 3 {
			begin := time.Now()
			c := greeted(t, addr)
			c.hasGone("a silent client is not hung up on")
			assert.GreaterOrEqual(t, time.Since(begin), timeout, "how long the client was there, which may be silent for %v", timeout)
		}
	})
}

// TestIdleForEver proves that a client stays if nobody says how long it may be silent.
func TestIdleForEver(t *testing.T) {
	clock := setClock(t)
	addr := startIdle(t, 0, IsPrimeContext)
	silent, pacer := greeted(t, addr), greeted(t, addr)
	clock.pass(1000*time.Hour, pacer)
	silent.echoes("a client of a server without a timeout is hung up on when it was silent")
}

// TestActiveStays proves, with each poller, that of several clients those go which have been silent,
// and that whoever speaks has all of its time again.
func TestActiveStays(t *testing.T) {
	withEachPoller(t, func(t *testing.T) {
		clock := setClock(t)
		addr := startIdle(t, minute, IsPrimeContext)
		silent, active, rare, pacer := greeted(t, addr), greeted(t, addr), greeted(t, addr), greeted(t, addr)
		for round := range 6 {
			clock.pass(minute/3, pacer)
			switch round {
			case 1:
				rare.send("^P1") // half a request is more than silence
			case 3:
				rare.send("^$")
				rare.expect("error: not a number\n")
			case 5:
				rare.echoes("a client that has spoken 40 s ago is hung up on, and may be silent for a minute")
			}
			active.echoes("a client that has spoken 20 s ago is hung up on, and may be silent for a minute")
			if round == 2 {
				silent.hasGone("a client has been silent for a minute, the loop has turned since, and it's still there")
			}
		}
		clock.pass(minute-1, pacer)
		active.echoes("a client is hung up on a moment before its time")
		rare.echoes("a client is hung up on a moment before its time")
	})
}

// TestSpokenMeanwhile proves that whoever has spoken while the loop was busy with somebody else stays:
// the loop finds out late, and at the same time, that it has something to read and that time is up.
func TestSpokenMeanwhile(t *testing.T) {
	withEachPoller(t, func(t *testing.T) {
		clock, gate := setClock(t), newGate()
		addr := startIdle(t, minute, gate.check)
		t.Cleanup(gate.open)
		busy, silent, pacer := greeted(t, addr), greeted(t, addr), greeted(t, addr)
		many := make([]*client, 600) // more than a poller may name at once
		for i := range many {
			many[i] = greeted(t, addr)
		}
		clock.pass(0, pacer)
		busy.send(large)
		<-gate.entered
		for _, c := range many {
			c.send("^a$")
		}
		clock.passed.Add(int64(2 * minute))
		gate.open()
		busy.expect("prime\n")
		for i, c := range many {
			got := make([]byte, 1)
			_, err := io.ReadFull(c.conn, got)
			require.NoError(t, err, "client %d has spoken while the loop worked for another for two minutes, and is hung up on, without its reply", i)
		}
		silent.hasGone("a client has been silent for two minutes, in which the loop worked for another, and it's still there")
	})
}

// TestOwedReplies proves that a client which waits for its replies is not silent: the server is slow,
// and it is not.
func TestOwedReplies(t *testing.T) {
	clock := setClock(t)
	addr := startIdle(t, minute, func(context.Context, uint64) (bool, error) {
		clock.passed.Add(int64(40 * time.Second))
		return true, nil
	})
	c := greeted(t, addr)
	c.send(strings.Repeat(large, 5))
	got := make([]byte, len("prime\n")*5)
	n, err := io.ReadFull(c.conn, got)
	require.NoError(t, err, "a client has asked for five checks of 40 s each, and is hung up on with %q: it may be silent for a minute, but it's the server that is", got[:n])
}

// TestDeafGoes proves that a client which sends and doesn't read is gone after its time too: it holds
// memory as well as a descriptor.
func TestDeafGoes(t *testing.T) {
	clock := setClock(t)
	addr := startIdle(t, minute, IsPrimeContext)
	deaf, pacer := greeted(t, addr), greeted(t, addr)
	sendUntilStuck(deaf.conn)
	gone := false
	for end := time.Now().Add(patience / 2); !gone && time.Now().Before(end); {
		clock.pass(minute/2, pacer)
		deaf.conn.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
		_, err := deaf.conn.Write([]byte("a")) // there is no room, or a little for a while
		gone = err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
	}
	assert.True(t, gone, "a client that sends, and has read nothing for minutes, is still there, with its replies in the server's memory")
}

// socketClient is a client whose socket the test has made before, so that no other descriptor of this
// process is made when it connects than the server's.
type socketClient struct {
	t  *testing.T
	fd int
}

func (c socketClient) connect(addr string) {
	connectSocket(c.t, c.fd, addr)
	c.expect("*", "a new client is not greeted")
}

func (c socketClient) expect(want, wrong string) {
	c.t.Helper()
	got := make([]byte, 1)
	require.NoError(c.t, unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1 + int64(patience/time.Second)}))
	n, err := unix.Read(c.fd, got)
	require.NoError(c.t, err, wrong)
	require.Equal(c.t, want, string(got[:max(n, 0)]), wrong)
}

// TestReusedNumber proves that a client has its own time, though its descriptor has the number of
// another that was silent before it left.
func TestReusedNumber(t *testing.T) {
	withEachPoller(t, func(t *testing.T) {
		clock := setClock(t)
		addr := startIdle(t, minute, IsPrimeContext)
		first, second := socketClient{t, newSocket(t)}, socketClient{t, newSocket(t)}
		pacer := greeted(t, addr)
		first.connect(addr)
		clock.pass(50*time.Second, pacer)
		require.NoError(t, unix.Shutdown(first.fd, unix.SHUT_WR), "a client has been silent for less than its time, and is gone")
		first.expect("", "the server doesn't hang up on a client that has")
		second.connect(addr) // and has the number that the first had
		for range 5 {
			clock.pass(10*time.Second, pacer)
		}
		unix.Write(second.fd, []byte("^a$"))
		second.expect("b", "a client is hung up on when the one is due that had its descriptor's number before")
	})
}

// TestSameRound proves that a new client is not taken for one that had the number of its descriptor: while
// the loop was busy that one was silent for too long, hung up, and the new one came. All of it is
// found in one round.
func TestSameRound(t *testing.T) {
	withEachPoller(t, func(t *testing.T) {
		clock, gate := setClock(t), newGate()
		addr := startIdle(t, minute, gate.check)
		t.Cleanup(gate.open)
		busy, pacer := greeted(t, addr), greeted(t, addr)
		var old, young [8]socketClient
		for i := range old {
			old[i], young[i] = socketClient{t, newSocket(t)}, socketClient{t, newSocket(t)}
		}
		for _, c := range old {
			c.connect(addr)
		}
		clock.pass(0, pacer)
		busy.send(large)
		<-gate.entered
		clock.passed.Add(int64(2 * minute))
		for i, c := range old {
			if i%2 == 0 {
				require.NoError(t, unix.Shutdown(c.fd, unix.SHUT_WR), "the loop is in the middle of a check, and a client is gone")
			}
			connectSocket(t, young[i].fd, addr)
		}
		gate.open()
		for _, c := range young {
			c.expect("*", "a new client is hung up on, which has come when another's time was up")
			unix.Write(c.fd, []byte("^a$"))
			c.expect("b", "a new client is hung up on, which has come when another's time was up")
		}
		for _, c := range old {
			c.expect("", "a client that has been silent for two minutes is still there")
		}
	})
}

// countWaits runs a test of the whole server with each poller that sleeps, and counts the rounds of the loop.
func countWaits(t *testing.T, test func(t *testing.T, waits *atomic.Int64)) {
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
			test(t, &waits)
		})
	}
}

// TestIdleSleeps proves that the loop sleeps until somebody is due, and doesn't look every millisecond.
func TestIdleSleeps(t *testing.T) {
	countWaits(t, func(t *testing.T, waits *atomic.Int64) {
		c := greeted(t, startIdle(t, 100*time.Millisecond, IsPrimeContext))
		before := waits.Load()
		c.hasGone("a silent client is not hung up on")
		assert.Less(t, waits.Load()-before, int64(50), "rounds of the loop in the tenth of a second in which it had nothing to do but to wait until a client was due")
	})
}

// TestLastMillisecond proves that the loop doesn't spin when there is less than a millisecond left.
func TestLastMillisecond(t *testing.T) {
	countWaits(t, func(t *testing.T, waits *atomic.Int64) {
		clock := setClock(t)
		addr := startIdle(t, minute, IsPrimeContext)
		early, pacer := greeted(t, addr), greeted(t, addr)
		clock.pass(minute-time.Millisecond/2, pacer) // and no time passes any more
		before := waits.Load()
		time.Sleep(50 * time.Millisecond)
		assert.Less(t, waits.Load()-before, int64(200), "rounds of the loop in 50 ms, while it is half a millisecond until a client is due: it spins")
		early.echoes("a client is hung up on a moment before its time")
	})
}

// TestManyIdle proves that all of a crowd go when their time is up, and nobody else.
func TestManyIdle(t *testing.T) {
	clock := setClock(t)
	addr := startIdle(t, minute, IsPrimeContext)
	crowd := make([]*client, 500)
	for i := range crowd {
		crowd[i] = greeted(t, addr)
	}
	pacer := greeted(t, addr)
	clock.pass(minute/2, pacer)
	late := greeted(t, addr)
	clock.pass(minute/2, pacer)
	late.echoes("a client is hung up on that was silent for half a minute")
	var gone sync.WaitGroup
	var left atomic.Int64
	for _, c := range crowd {
		gone.Go(func() {
			if _, err := io.Copy(io.Discard, c.conn); err != nil {
				left.Add(1)
			}
		})
	}
	gone.Wait()
	assert.Zero(t, left.Load(), "of 500 clients that were silent for a minute, those that are still there")
	late.echoes("a client is hung up on that has just spoken")
}

// TestIdleFlag proves that the program has the flag.
func TestIdleFlag(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "WORKBOOK_IDLE=30ms")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, _ := bufio.NewReader(stderr).ReadString('\n')
	_, addr, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	require.True(t, found, "the program doesn't start with -idle-timeout 30ms, and says: %s", line)
	greeted(t, addr).hasGone(fmt.Sprintf("a silent client of %s is not hung up on", "go run . -idle-timeout 30ms"))
}
