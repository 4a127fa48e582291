//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/prime"
	"example.com/concurrent-network-server/chapter07-async-handler/server"
)

// init is the program itself, with -loops, where a test has started it.
func init() {
	if loops := os.Getenv("WORKBOOK_LOOPS"); loops != "" {
		os.Args = []string{os.Args[0], "-addr", "127.0.0.1:0", "-loops", loops}
		ended := make(chan bool)
		go func() { // because init is locked to its thread, as main is not
			defer close(ended)
			main()
		}()
		<-ended
		os.Exit(0)
	}
}

// newLoops returns a server of several loops.
func newLoops(t testing.TB, loops int, check checkFunc) *server.Server {
	srv := &server.Server{Check: check, Poller: poller.Default}
	field := reflect.ValueOf(srv).Elem().FieldByName("Loops")
	require.True(t, field.IsValid() && field.CanInt(), "the Server should have a field Loops, an int: how many loops serve clients")
	field.SetInt(int64(loops))
	return srv
}

// start runs a server until the test calls the function that it returns, which stops it and waits.
func start(t testing.TB, srv *server.Server) (addr string, stop func()) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done, "a stop, and Serve fails")
	})
	t.Cleanup(stop)
	return ln.Addr().String(), stop
}

// crowd returns clients that have been greeted.
func crowd(t *testing.T, addr string, n int) []*client {
	clients := make([]*client, n)
	for i := range clients {
		clients[i] = greeted(t, addr)
	}
	return clients
}

// patiently receives from a channel, or fails: the rest of its arguments says what the server has not done.
func patiently[T any](t *testing.T, c <-chan T, missing ...any) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		require.Fail(t, fmt.Sprintf(missing[0].(string), missing[1:]...))
	}
	return v
}

// TestLoopsAtOnce proves that three loops work for three clients at once, and that 64 clients are
// spread over them: each of them asks for a long check, and none of the checks ends.
func TestLoopsAtOnce(t *testing.T) {
	const loops = 3
	gate := newGate()
	addr, _ := start(t, newLoops(t, loops, gate.check))
	t.Cleanup(gate.open)
	clients := crowd(t, addr, 64)
	for _, c := range clients {
		c.send(large)
	}
	for i := range loops {
		patiently(t, gate.entered, "64 clients have asked for a check, and %d of %d loops work: the others have no clients", i, loops)
	}
	for range 100 {
		runtime.Gosched() // time for a check too many to begin, in a wrong server
	}
	time.Sleep(10 * time.Millisecond)
	assert.Empty(t, gate.entered, "%d loops make more checks than that at once", loops)
	gate.open()
	for _, c := range clients {
		c.finish("prime\n")
	}
}

// TestServedBeside proves that while one of two loops divides, the clients of the other are served,
// and new ones are accepted: whichever of the two it is.
func TestServedBeside(t *testing.T) {
	entered, release := make(chan uint64, 10), make(chan bool)
	check := func(ctx context.Context, n uint64) (bool, error) {
		entered <- n
		select {
		case <-release:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		return true, nil
	}
	addr, stop := start(t, newLoops(t, 2, check))
	defer stop()
	clients := crowd(t, addr, 64)
	busy := clients[0]
	for round := range 2 {
		busy.send(large)
		patiently(t, entered, "no loop works for a client that has asked for a check")
		served := make(chan *client, 100)
		var asking sync.WaitGroup
		for _, c := range clients {
			if c == busy {
				continue
			}
			c.send("^a$")
			asking.Go(func() {
				if n, _ := io.ReadFull(c.conn, make([]byte, 1)); n == 1 {
					served <- c
				}
			})
		}
		next := patiently(t, served, "one of two loops divides, and none of 63 other clients gets its echo")
		got := make(chan bool, 100)
		for range 4 {
			c := dial(t, addr)
			asking.Go(func() {
				n, _ := io.ReadFull(c.conn, make([]byte, 1))
				got <- n == 1
			})
		}
		assert.True(t, patiently(t, got, "one of two loops divides, and none of four new clients is greeted: nobody accepts them (busy loop %d of 2)", round+1), "a new client is hung up on")
		release <- true
		asking.Wait()
		busy.expect("prime\n")
		busy = next // on the other loop
	}
}

// TestStopWaitsForLoops proves that a stop ends all loops, and that Serve returns when the last one has
// ended, and not before.
func TestStopWaitsForLoops(t *testing.T) {
	gate := newGate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	srv := newLoops(t, 3, gate.check)
	go func() { done <- srv.Serve(ctx, ln) }()
	t.Cleanup(gate.open)
	clients := crowd(t, ln.Addr().String(), 12)
	clients[0].send(large)
	patiently(t, gate.entered, "no loop works for a client that has asked for a check")
	cancel()
	select {
	case <-done:
		assert.Fail(t, "Serve has returned while one of its loops still works for a client")
		done <- nil
	case <-time.After(50 * time.Millisecond): // time for a wrong server to return
	}
	gate.open()
	assert.NoError(t, patiently(t, done, "the server was told to stop, and has not ended: one of its loops has not heard of it"))
	for i, c := range clients {
		_, err := io.Copy(io.Discard, c.conn)
		assert.NoError(t, err, "client %d of a server that has ended", i)
	}
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "somebody listens")
}

// TestNothingLeft proves that a server of two loops which has ended holds no descriptor, not even of
// clients that came while both of its loops were busy.
func TestNothingLeft(t *testing.T) {
	const loops, late = 2, 20
	serve := func() {
		gate := newGate()
		addr, stop := start(t, newLoops(t, loops, gate.check))
		defer gate.open()
		busy := crowd(t, addr, 8)
		for _, c := range busy {
			c.send(large)
		}
		for range loops {
			patiently(t, gate.entered, "not all of %d loops have clients", loops)
		}
		before := openDescriptors()
		var waiting []net.Conn
		for range late {
			conn, err := net.Dial("tcp", addr)
			require.NoError(t, err, "a client comes while all loops divide, and is refused")
			waiting = append(waiting, conn)
		}
		for end := time.Now().Add(time.Second); openDescriptors() < before+2*late && time.Now().Before(end); {
			time.Sleep(time.Millisecond) // until they are accepted, if somebody accepts them
		}
		go func() {
			time.Sleep(time.Millisecond)
			gate.open()
		}()
		stop()
		for _, conn := range waiting {
			conn.Close()
		}
		for _, c := range busy {
			c.conn.Close()
		}
	}
	serve() // Go's runtime opens some of its own
	before := openDescriptors()
	serve()
	assert.LessOrEqual(t, openDescriptors(), before+late/2, "descriptors that are open after a server has ended; there were %d before it began. %d clients had come while its loops were busy", before, late)
}

// TestOutOfDescriptorsAtFirst proves that a server which has descriptors for some of its loops only
// serves with all or ends with an error, and leaves no port open then, and nothing else.
func TestOutOfDescriptorsAtFirst(t *testing.T) {
	addr, stop := start(t, newLoops(t, 2, prime.IsPrimeContext))
	greeted(t, addr).finish("")
	stop() // Go's runtime has opened some of its own
	failed := 0
	for spare := range 16 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		before := openDescriptors()
		var spares []int
		for range spare {
			fd, err := unix.Dup(0)
			require.NoError(t, err)
			spares = append(spares, fd)
		}
		allow := forbidDescriptors(t)
		for _, fd := range spares {
			unix.Close(fd)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		err = newLoops(t, 4, prime.IsPrimeContext).Serve(ctx, ln)
		cancel()
		allow()
		if err != nil {
			failed++
		}
		_, dialErr := net.Dial("tcp", ln.Addr().String())
		require.Error(t, dialErr, "somebody listens, after a server that had %d descriptors has ended: %v", spare, err)
		require.Less(t, openDescriptors(), before, "descriptors that are open after a server of four loops that had %d to take has ended: %v", spare, err)
	}
	assert.Positive(t, failed, "servers that had no descriptors to begin with and did not say so")
}

// TestOneByOne proves, with each poller, that a loop which waits hears of a client that it gets, and
// of what it sends: nothing else happens that would wake it.
func TestOneByOne(t *testing.T) {
	for _, name := range poller.Names() {
		t.Run(name, func(t *testing.T) {
			srv := newLoops(t, 3, prime.IsPrimeContext)
			srv.Poller = name
			addr, _ := start(t, srv)
			for i := range 9 {
				c := greeted(t, addr)
				c.send("^a$")
				got := make([]byte, 1)
				_, err := io.ReadFull(c.conn, got)
				require.NoError(t, err, "client %d is greeted, and gets no reply: its loop sleeps, and does not know that it has to watch one more", i+1)
				assert.Equal(t, "b", string(got))
			}
		})
	}
}

// TestManyAtOnce proves, with each poller, that clients of several loops have nothing in common: they
// come at the same time, and each gets the replies to what it has sent. The race detector sees more.
func TestManyAtOnce(t *testing.T) {
	for _, name := range poller.Names() {
		t.Run(name, func(t *testing.T) {
			srv := newLoops(t, 3, prime.IsPrimeContext)
			srv.Poller = name
			addr, _ := start(t, srv)
			var group sync.WaitGroup
			var right atomic.Int64
			for i := range 32 {
				group.Go(func() {
					conn, err := net.Dial("tcp", addr)
					if err != nil {
						return
					}
					defer conn.Close()
					conn.SetDeadline(time.Now().Add(patience))
					payload := strings.Repeat(fmt.Sprintf("client %d;", i), 500)
					go io.WriteString(conn, strings.Repeat("^"+payload+"$^P7$", 20))
					want := "*" + strings.Repeat(plusOne(payload)+"prime\n", 20)
					got := make([]byte, len(want))
					if _, err := io.ReadFull(conn, got); err == nil && string(got) == want {
						right.Add(1)
					}
				})
			}
			group.Wait()
			assert.EqualValues(t, 32, right.Load(), "of 32 clients that came at the same time, so many got the replies to what they had sent")
		})
	}
}

// TestLoopsFlag proves that the program has the flag, and that a signal ends it.
func TestLoopsFlag(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	run := func(loops string) (*exec.Cmd, string) {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "WORKBOOK_LOOPS="+loops)
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { cmd.Process.Kill() })
		line, _ := bufio.NewReader(stderr).ReadString('\n')
		return cmd, strings.TrimSpace(line)
	}
	cmd, line := run("2")
	_, addr, found := strings.Cut(line, "listening on ")
	require.True(t, found, "the program doesn't start with -loops 2, and says: %s", line)
	c := greeted(t, addr)
	c.send("^P7$")
	c.expect("prime\n")
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, cmd.Wait(), "the program ends with an error when it's told to stop")
	cmd, line = run("0")
	assert.Contains(t, line, "-loops", "the program with -loops 0 should say that this is no number of loops")
	assert.Error(t, cmd.Wait(), "the program serves with -loops 0")
}

// BenchmarkEcho measures the server's CPU time for an echo, with its client's: ns of both, for one loop
// and for two.
func BenchmarkEcho(b *testing.B) {
	for _, loops := range []int{1, 2} {
		b.Run(fmt.Sprint(loops, " loops"), func(b *testing.B) {
			addr, _ := start(b, newLoops(b, loops, prime.IsPrimeContext))
			conn, err := net.Dial("tcp", addr)
			require.NoError(b, err)
			defer conn.Close()
			buf := make([]byte, 1)
			io.ReadFull(conn, buf)
			var before, after syscall.Rusage
			syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			for b.Loop() {
				io.WriteString(conn, "^a$")
				io.ReadFull(conn, buf)
			}
			syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			used := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
		})
	}
}
