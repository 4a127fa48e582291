package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// TestAcceptFails runs out of descriptors twenty times: the server waits 5 ms, 10 ms and
// so on up to a second between two attempts, complains once for each, and then serves.
// Time in the bubble is not real.
func TestAcceptFails(t *testing.T) {
	var complaints bytes.Buffer
	log.SetOutput(&complaints)
	defer log.SetOutput(os.Stderr)
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ln := newPipeListener()
		ln.failures = 20
		client := ln.dial(t)
		serve(t, ln, newGate().check)
		<-client.greeted
		client.expect("*")
		assert.Equal(t, (5+10+20+40+80+160+320+640)*time.Millisecond+12*time.Second, time.Since(begin), "all pauses together")
		assert.Equal(t, 20, bytes.Count(complaints.Bytes(), []byte("\n")), "lines in the log")
		assert.Equal(t, 20, bytes.Count(complaints.Bytes(), []byte("too many open files")), "lines in the log that say why no client can come in")
		assert.Equal(t, 12, bytes.Count(complaints.Bytes(), []byte("1s")), "lines in the log that say that the next attempt is a second away")
	})
}

// lateListener takes its time to close.
type lateListener struct{ *pipeListener }

func (l lateListener) Close() error {
	for range 1000 {
		runtime.Gosched()
	}
	return l.pipeListener.Close()
}

// TestStopWhileAcceptFails proves that a server which waits for descriptors stops at once,
// and in silence.
func TestStopWhileAcceptFails(t *testing.T) {
	var complaints bytes.Buffer
	log.SetOutput(&complaints)
	defer log.SetOutput(os.Stderr)
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		ln.failures = 1_000_000
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer(nil).Serve(ctx, lateListener{ln}) }()
		time.Sleep(10 * time.Second)
		synctest.Wait() // between two attempts
		stopped, before := time.Now(), complaints.Len()
		cancel()
		assert.NoError(t, <-done)
		assert.Zero(t, time.Since(stopped), "a stop waits for the end of a pause")
		assert.Equal(t, before, complaints.Len(), "the server complains after it was told to stop")
	})
}

// TestListenerFails proves that a listener which is closed by somebody else ends the
// server with an error.
func TestListenerFails(t *testing.T) {
	ln := newPipeListener()
	ln.Close()
	assert.Error(t, newServer(nil).Serve(t.Context(), ln))
}

// TestListenerFailsWhileServing proves that a server whose listener fails still serves the
// clients that it has, before Serve returns.
func TestListenerFailsWhileServing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		done := make(chan error, 1)
		go func() { done <- newServer(gate.check).Serve(t.Context(), ln) }()
		busy := ln.dial(t)
		busy.send(large)
		<-gate.entered
		last := ln.dial(t)
		last.expect("*")
		ln.Close()
		last.conn.Close()
		synctest.Wait()
		assert.Empty(t, done, "Serve returned, because its listener had failed, while a client was being served")
		gate.open()
		busy.expect("*prime\n")
		busy.conn.Close()
		assert.Error(t, <-done)
	})
}

// logBuffer is a log that a test reads while the server writes.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// captureLog returns what is logged from that level on until the test ends.
func captureLog(t *testing.T, level slog.Level) *logBuffer {
	var logged logBuffer
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: level})))
	return &logged
}

// TestPanic proves that a panic in one handler costs one client, and that the log tells of it.
func TestPanic(t *testing.T) {
	logged := captureLog(t, slog.LevelInfo)
	addr := startServerWith(t, func(_ context.Context, n uint64) (bool, error) {
		if n > 7 {
			panic("bad luck")
		}
		return true, nil
	})
	unlucky, other := greeted(t, addr), greeted(t, addr)
	unlucky.send(large)
	unlucky.finish("")
	assert.Contains(t, logged.String(), "bad luck", "a handler has panicked, and nobody hears of it")
	other.send("^P7$")
	other.finish("prime\n")
}

// TestDebugLog proves that whoever asks for all of the log can follow a client in it: when it has
// come and gone, and why it was lost.
func TestDebugLog(t *testing.T) {
	logged := captureLog(t, slog.LevelDebug)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(unlucky), ln)
	c := greeted(t, ln.Addr().String())
	c.send(large)
	c.finish("")
	cancel()
	assert.NoError(t, <-done)
	for _, message := range []string{"msg=connected", `msg="connection failed"`, "msg=disconnected"} {
		assert.Contains(t, logged.String(), fmt.Sprintf("%s client=%v", message, c.conn.LocalAddr()), "a client has come, its check has failed, and it has gone: the log leaves one of these out")
	}
	assert.Contains(t, logged.String(), "out of luck", "a client was lost, and the log does not say why")
	assert.NotContains(t, logged.String(), "panic", "a client was lost, and the log tells of a panic that there was not")
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
