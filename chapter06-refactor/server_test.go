//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestSessions and those that follow know the protocol, and nothing of how the server works.
func TestSessions(t *testing.T) {
	tests := []struct{ name, send, want string }{
		{"echo", "^abc$", "bcd"},
		{"echo wraps around", "^\xff$", "\x00"},
		{"prime", "^P7$", "prime\n"},
		{"composite", "^P8$^P0$^P1$", "composite\ncomposite\ncomposite\n"},
		{"largest number", "^P18446744073709551615$", "composite\n"},
		{"many zeros", "^P" + strings.Repeat("0", 100_000) + "7$", "prime\n"},
		{"no digits", "^P$", "error: no digits\n"},
		{"not a number", "^P7x$", "error: not a number\n"},
		{"too large", "^P18446744073709551616$", "error: number too large\n"},
		{"after an error", "^Px$^P7$^a$", "error: not a number\nprime\nb"},
		{"a P later in the payload", "^aP7$", "bQ8"},
		{"a ^ in a frame", "^a^b$", "b_c"},
		{"empty frame", "^$", ""},
		{"bytes outside a frame", "a$P7^b$c^d$e", "ce"},
		{"unfinished echo", "^abc", "bcd"},
		{"unfinished number", "^P7", ""},
		{"a prime between two echoes", "^a$^P7$^b$", "bprime\nc"},
		{"nothing", "", ""},
	}
	addr := startServer(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := greeted(t, addr)
			c.send(test.send)
			c.finish(test.want)
		})
	}
}

// TestEchoBeforeTheDollar sends one byte at a time and waits for each reply.
func TestEchoBeforeTheDollar(t *testing.T) {
	c := greeted(t, startServer(t))
	c.send("^")
	for _, b := range []byte("echo") {
		c.send(string(b))
		c.expect(string(b + 1))
	}
	c.send("$^P")
	c.send("7")
	c.send("$")
	c.expect("prime\n")
	c.finish("")
}

// TestReadyBeforeCheck proves that a reply which is ready does not wait for a long check.
func TestReadyBeforeCheck(t *testing.T) {
	gate := newGate()
	defer gate.open() // when the test fails
	c := greeted(t, startServerWith(t, gate.check))
	c.send("^abc$" + large + large + "^d$")
	c.expect("bcd")
	gate.open()
	c.expect("prime\nprime\ne")
	c.finish("")
}

// sendAside sends while the test goes on. It does not outlive the test.
func (c *client) sendAside(s string) {
	var sender sync.WaitGroup
	sender.Go(func() {
		if _, err := io.WriteString(c.conn, s); !errors.Is(err, net.ErrClosed) {
			assert.NoError(c.t, err)
		}
	})
	c.t.Cleanup(func() {
		c.conn.Close()
		sender.Wait()
	})
}

// TestPipeline sends thousands of requests without a pause and counts on order.
func TestPipeline(t *testing.T) {
	var send, want strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&send, "^%d$^P7$^P8$^P$noise", i)
		fmt.Fprintf(&want, "%sprime\ncomposite\nerror: no digits\n", plusOne(fmt.Sprint(i)))
	}
	c := greeted(t, startServer(t))
	c.sendAside(send.String())
	c.expect(want.String())
	c.finish("")
}

// TestLargeFrame sends an echo of a megabyte, more than any buffer of the server.
func TestLargeFrame(t *testing.T) {
	payload := strings.Repeat("abcdefgh", 1<<17)
	c := greeted(t, startServer(t))
	c.sendAside("^" + payload + "$")
	c.expect(plusOne(payload))
	c.finish("")
}

// TestResets proves that clients which vanish cost nothing but their connections. It needs an
// Accept that fails for none of them. Go's tries again after ECONNABORTED, and on Windows after
// WSAECONNRESET and ERROR_NETNAME_DELETED; Wine says WSAENOTCONN, and the server pauses each time.
func TestResets(t *testing.T) {
	addr := startServer(t)
	for i := range 200 {
		c := dial(t, addr)
		if i%2 == 0 {
			c.send("^P23^ab")
		}
		c.reset()
	}
	c := greeted(t, addr)
	c.send("^P7$")
	c.finish("prime\n")
}

// TestNewClientStartsAfresh leaves in the middle of a frame. The next client, which may
// get the same descriptor, must not find itself in that frame.
func TestNewClientStartsAfresh(t *testing.T) {
	addr := startServer(t)
	for range 50 {
		c := greeted(t, addr)
		c.send("^P7")
		c.finish("")
		c = greeted(t, addr)
		c.send("$7$^a$")
		c.finish("b", "a new client begins in the frame that another has left")
	}
}

// TestFailedCheck proves that a client whose check fails gets no verdict, not even a wrong one, but
// the end of its session.
func TestFailedCheck(t *testing.T) {
	for _, verdict := range []bool{true, false} {
		c := greeted(t, startServerWith(t, func(context.Context, uint64) (bool, error) {
			return verdict, errors.New("nobody knows")
		}))
		c.send("^a$" + large + "^b$")
		c.finish("b", "a check has failed, and its client is told something all the same")
	}
}

// TestResetEndsChecks proves that nobody works for a client that has gone: it asks for ten checks
// and resets its connection in the first. A reply that is written finds out.
func TestResetEndsChecks(t *testing.T) {
	begun, release := make(chan bool), make(chan bool)
	var made atomic.Int64
	check := func(_ context.Context, n uint64) (bool, error) {
		if n == 2305843009213693951 && made.Add(1) == 1 {
			begun <- true
			<-release
		}
		return true, nil
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(check).Serve(ctx, ln) }()
	c := greeted(t, ln.Addr().String())
	c.send(strings.Repeat(large, 10))
	<-begun
	c.reset()
	close(release)

	other := greeted(t, ln.Addr().String()) // time for all ten, in a wrong server
	other.send(strings.Repeat("^P1000000000039$", 20))
	other.finish(strings.Repeat("prime\n", 20))
	cancel()
	assert.NoError(t, <-done)
	assert.LessOrEqual(t, made.Load(), int64(2), "checks for a client that was gone after the first of ten")
}

// TestShutdown stops the server while it serves a client who stays: the server hangs up,
// and nobody listens any more.
func TestShutdown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := ln.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(nil).Serve(ctx, ln) }()
	c := greeted(t, addr)
	c.send("^ab")
	c.expect("bc")

	cancel()
	require.NoError(t, <-done)
	_, err = io.Copy(io.Discard, c.conn)
	assert.NoError(t, err)
	_, err = net.Dial("tcp", addr)
	assert.Error(t, err, "somebody listens")
}

// TestIdleClient proves that a client which says nothing blocks nobody.
func TestIdleClient(t *testing.T) {
	addr := startServer(t)
	idle, other := greeted(t, addr), greeted(t, addr)
	other.send("^P7$")
	other.finish("prime\n")
	idle.finish("")
}

// TestClientThatDoesNotRead sends and sends and reads nothing, while another client
// is served. In the end the sender is stuck, as it must be: what the server does not
// read, it does not have to hold. Then it reads, and nothing is lost.
func TestClientThatDoesNotRead(t *testing.T) {
	addr := startServer(t)
	deaf, other := greeted(t, addr), greeted(t, addr)
	stuck := make(chan string, 1)
	go func() { stuck <- sendUntilStuck(deaf.conn) }()
	var sent string
	for sent == "" {
		other.send("^echo$")
		other.expect("fdip")
		select {
		case sent = <-stuck:
		default:
		}
	}
	assert.Less(t, len(sent), most-1<<20, "the server reads on")
	other.send("^" + sent[:100_000] + "$")
	other.expect(plusOne(sent[:100_000])) // through the server's buffers, if clients share them

	require.NoError(t, deaf.conn.CloseWrite())
	got, err := io.ReadAll(deaf.conn)
	require.NoError(t, err)
	assert.True(t, plusOne(sent) == string(got), "%d bytes, want %d", len(got), len(sent))
	other.finish("")
}

// most is more than the buffers of two sockets hold.
const most = 60 << 20

// sendUntilStuck sends the payload of an echo until one more chunk can't be sent within
// half a second, or most of it has been, and returns what was sent.
func sendUntilStuck(conn net.Conn) string {
	const chunk = 1 << 16
	payload := strings.Repeat("0123456789abcdefghijklmnopqrst", most/30)
	io.WriteString(conn, "^")
	sent := 0
	for err := error(nil); err == nil && sent+chunk < len(payload); {
		var n int
		conn.SetWriteDeadline(time.Now().Add(time.Second / 2))
		n, err = io.WriteString(conn, payload[sent:sent+chunk])
		sent += n
	}
	return payload[:sent]
}

// TestOneCheckAtATime proves that the server never works for two clients at once: a check that
// runs stops everything else.
func TestOneCheckAtATime(t *testing.T) {
	var inside, most atomic.Int64
	addr := startServerWith(t, func(context.Context, uint64) (bool, error) {
		most.Store(max(most.Load(), inside.Add(1)))
		time.Sleep(time.Millisecond) // time for a second check to begin, in a wrong server
		inside.Add(-1)
		return true, nil
	})
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$" + large)
	}
	for _, c := range clients {
		c.finish("prime\nprime\n")
	}
	assert.EqualValues(t, 1, most.Load())
}

// TestTurnEndsWithCheck proves that a client which asks for twenty long checks in one
// segment lets others have their turns between two of them.
func TestTurnEndsWithCheck(t *testing.T) {
	const checks = 20
	entered, release := make(chan bool), make(chan bool)
	addr := startServerWith(t, func(context.Context, uint64) (bool, error) {
		entered <- true
		<-release
		return true, nil
	})
	greedy, other := greeted(t, addr), greeted(t, addr)
	greedy.send(strings.Repeat(large, checks))
	<-entered
	other.send("^a$")
	echoed := make(chan bool)
	go func() {
		io.ReadFull(other.conn, make([]byte, 1))
		close(echoed)
	}()

	inTime := false
	for i := range checks {
		select {
		case <-echoed:
			inTime = true
		case <-time.After(20 * time.Millisecond): // twenty times
		}
		release <- true
		if i < checks-1 {
			<-entered
		}
	}
	greedy.finish(strings.Repeat("prime\n", checks))
	assert.True(t, inTime, "the echo waited for all checks of another client")
}

// TestStopBetweenChecks proves that a server which is told to stop in a check begins no
// other, though five clients have asked for five each. In one of two checks after another,
// at least, some of these clients have their turns in the same round.
func TestStopBetweenChecks(t *testing.T) {
	for _, last := range []int{11, 12} {
		assert.Equal(t, last, checksUntilStop(t, last), "checks that a server makes which is told to stop in that many: it goes on, and its clients may wait for minutes")
	}
}

// checksUntilStop stops a server in the last check that it may make, and returns how many
// it has made.
func checksUntilStop(t *testing.T, last int) (made int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	sent, done := make(chan bool), make(chan error, 1)
	check := func(ctx context.Context, _ uint64) (bool, error) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		<-sent
		if made++; made == last {
			cancel()
		}
		return true, nil
	}
	go func() { done <- newServer(check).Serve(ctx, ln) }()
	var clients []*client
	for range 5 {
		clients = append(clients, greeted(t, ln.Addr().String()))
	}
	for _, c := range clients {
		c.send(strings.Repeat(large, 5))
	}
	close(sent)
	assert.NoError(t, <-done)
	for _, c := range clients {
		got, _ := io.ReadAll(c.conn)
		assert.NotContains(t, string(got), "composite", "the server was told to stop, and tells a client that a prime is composite")
	}
	return made
}

// openDescriptors counts the descriptors of the process.
func openDescriptors() (n int) {
	for fd := range 2000 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			n++
		}
	}
	return n
}

// TestServeLeavesNothing proves that a server which has ended holds no descriptor any more: not
// the listener's, nor a client's, nor what it waited with.
func TestServeLeavesNothing(t *testing.T) {
	serve := func() {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer(nil).Serve(ctx, ln) }()
		c := greeted(t, ln.Addr().String())
		cancel()
		assert.NoError(t, <-done)
		c.conn.Close()
	}
	serve() // Go's runtime opens some of its own
	before := openDescriptors()
	const times = 20
	for range times {
		serve()
	}
	assert.Less(t, openDescriptors(), before+times/2, "descriptors that are open after %d servers have ended; there were %d before", times, before)
}

// TestStopWithoutDescriptors stops the server while a client waits that it has no
// descriptor for. It ends, and says nothing more.
func TestStopWithoutDescriptors(t *testing.T) {
	complaint := captureLog(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(nil).Serve(ctx, ln) }()
	greeted(t, ln.Addr().String())
	late := []int{newSocket(t), newSocket(t), newSocket(t)}
	forbidDescriptors(t)
	for _, fd := range late {
		connectSocket(t, fd, ln.Addr().String())
	}
	complaint.wait()

	cancel()
	assert.NoError(t, <-done)
	assert.Less(t, complaint.lines(), 5, "the log is flooded")
}

// TestLog proves that the log says in one line that a client was lost, and nothing about one that
// ends well.
func TestLog(t *testing.T) {
	logged := captureLog(t)
	addr := startServer(t)
	greeted(t, addr).finish("")
	greeted(t, addr).reset()
	greeted(t, addr).finish("") // the loop has had time for the other
	assert.Equal(t, 1, logged.lines(), "the lines of the log, of which one is about a client that was lost:\n%s", &logged.text)
	assert.Contains(t, logged.text.String(), "reset", "a client was lost, and the log does not say how")
}

// TestOutOfDescriptors lets clients connect for which the server has no descriptor.
// It must say so, go on, serve those that it has, and greet the others later.
func TestOutOfDescriptors(t *testing.T) {
	complaint := captureLog(t)
	addr := startServer(t)
	served := greeted(t, addr)
	late := []int{newSocket(t), newSocket(t), newSocket(t)} // before there are no more

	allowMore := forbidDescriptors(t)
	for _, fd := range late {
		connectSocket(t, fd, addr)
	}
	complaint.wait()
	served.send("^P7$")
	served.expect("prime\n")
	allowMore()

	for _, fd := range late {
		greeting := make([]byte, 1)
		_, err := unix.Read(fd, greeting)
		require.NoError(t, err)
		assert.Equal(t, "*", string(greeting))
	}
	served.finish("")
	assert.Less(t, complaint.lines(), 20, "the log is flooded")
}

// TestAddressTaken proves that a program which can't listen says so and fails: whoever started it
// would wait for its first client.
func TestAddressTaken(t *testing.T) {
	if addr := os.Getenv("WORKBOOK_TAKEN"); addr != "" { // the program
		os.Args = []string{"server", "-addr", addr}
		main()
		os.Exit(0)
	}
	addr := startServer(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	program := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestAddressTaken$")
	program.Env = append(os.Environ(), "WORKBOOK_TAKEN="+addr)
	out, _ := program.CombinedOutput()
	assert.Equal(t, 1, program.ProcessState.ExitCode(), "the exit status of a program whose address is taken")
	assert.Contains(t, string(out), "listen tcp "+addr, "a program's address is taken, and it doesn't say that it can't listen")
}
