package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMaxConns proves that as many clients are served at once as may be, and not one more.
func TestMaxConns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.MaxConns = 4
		run(t.Context(), srv, ln)
		var served []*pipeClient
		for range 4 {
			c := ln.dial(t)
			c.expect("*")
			served = append(served, c)
		}
		fifth, sixth := ln.dial(t), ln.dial(t)
		fifth.expect("")

		served[2].conn.Close()
		fifth.expect("*")
		sixth.expect("")
		for _, c := range append(served, fifth, sixth) {
			c.conn.Close()
		}
	})
}

// TestMaxConnsLogged proves that the log tells of clients who wait for room, once a minute at
// most.
func TestMaxConnsLogged(t *testing.T) {
	logged := captureLog(t, slog.LevelInfo)
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.MaxConns = 2
		run(t.Context(), srv, ln)
		first := ln.dial(t)
		first.expect("*")
		assert.Empty(t, logged.String(), "there is room for one more, and the log says that there is none")
		replace := func(times int, why string) {
			next := ln.dial(t)
			next.expect("*")
			assert.Equal(t, times, strings.Count(logged.String(), "no room"), why)
			next.conn.Close()
			synctest.Wait()
		}
		replace(1, "there is no room for more, and the log doesn't say so once")
		replace(1, "the log says again at once that there is no room")
		time.Sleep(2 * time.Minute)
		replace(2, "there is no room, minutes later, and the log doesn't say so again")
		first.conn.Close()
	})
}

// lingering is a connection that takes its time to close.
type lingering struct {
	net.Conn
	release chan struct{}
}

func (l lingering) Close() error {
	<-l.release
	return l.Conn.Close()
}

// TestMaxConnsOne proves that one is a limit too, and that a client counts until its connection
// is closed: or there would be more descriptors than clients.
func TestMaxConnsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.MaxConns = 1
		run(t.Context(), srv, ln)
		client, conn := net.Pipe()
		release := make(chan struct{})
		ln.backlog <- lingering{conn, release}
		io.ReadFull(client, make([]byte, 1))
		second := ln.dial(t)
		second.expect("", "a second client is served by a server for one")
		client.Close()
		second.expect("", "a second client is served, and the first one's connection is still open")
		close(release)
		second.expect("*")
		second.conn.Close()
	})
}

// TestDrainKeepsReplies stops the server while 20,000 replies wait for a client that takes
// its time and goes on sending. It gets all of them, and then the end. On a slow machine the
// server's patience may end before the client's replies do, so the test may try again; a
// server that hangs up at once never passes.
func TestDrainKeepsReplies(t *testing.T) {
	for range 5 {
		if drainKeepsReplies(t) {
			return
		}
	}
	t.Error("replies are lost when the server stops")
}

func drainKeepsReplies(t *testing.T) bool {
	const requests = 20_000
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(newGate().check), ln)
	c, idle := greeted(t, ln.Addr().String()), greeted(t, ln.Addr().String())
	c.send(strings.Repeat("^P$", requests))
	last := greeted(t, ln.Addr().String()) // served when the server has seen the others
	last.finish("")
	cancel()
	io.ReadAll(idle.conn) // until the server hangs up
	for range 10 {
		c.conn.Write([]byte("still here")) // which a closed connection answers with a reset
	}
	got, err := io.ReadAll(c.conn)
	c.conn.Close()
	assert.NoError(t, <-done)
	return err == nil && len(got) == requests*len("error: no digits\n")
}

// TestDrainLateRest proves that a request of which a part is there when the server stops is
// answered, though its rest comes in pieces.
func TestDrainLateRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		gate.open()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(gate.check), ln)
		c := ln.dial(t)
		c.send("^P")
		c.expect("*")
		cancel()
		for _, piece := range []string{"1", "1", "$"} {
			time.Sleep(20 * time.Millisecond)
			c.send(piece)
		}
		c.expect("prime\n")
		assert.NoError(t, <-done)
	})
}

// TestDrainEndless proves that a client which never stops sending, much or little, does
// not hold up the end.
func TestDrainEndless(t *testing.T) {
	t.Run("much", func(t *testing.T) { drainEndless(t, 100_000, time.Millisecond) })
	t.Run("little", func(t *testing.T) { drainEndless(t, 1, drainPause/2) })
}

// drainPause is the server's.
const drainPause = 100 * time.Millisecond

func drainEndless(t *testing.T, size int, pause time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(newGate().check), ln)
		c := ln.dial(t)
		var sender sync.WaitGroup
		sender.Go(func() {
			for err := error(nil); err == nil; time.Sleep(pause) {
				_, err = io.WriteString(c.conn, "^"+strings.Repeat("a", size)+"$")
			}
		})
		time.Sleep(drainPause)
		begin := time.Now()
		cancel()
		assert.NoError(t, <-done)
		assert.Less(t, time.Since(begin), time.Second)
		sender.Wait()
	})
}

// TestNoGrace proves that a server without clients ends well, with no time to wait.
func TestNoGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(newGate().check)
		srv.Grace = 0
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, srv, newPipeListener())
		synctest.Wait()
		cancel()
		assert.NoError(t, <-done)
	})
}

// TestDrainRefuses proves that a server which drains takes no new clients.
func TestDrainRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(gate.check), ln)
		busy := ln.dial(t)
		busy.send(large)
		<-gate.entered
		cancel()
		synctest.Wait()
		late := ln.dial(t)
		late.expect("")
		gate.open()
		<-busy.closed
		busy.expect("*prime\n")
		assert.NoError(t, <-done)
		late.expect("")
		late.conn.Close()
	})
}

// TestDrainIdle proves that an idle client does not hold up the end, and that one in
// the middle of a frame does not either.
func TestDrainIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(newGate().check), ln)
		ln.dial(t).expect("*")
		ln.dial(t).send("^P23")
		begin := time.Now()
		cancel()
		assert.NoError(t, <-done)
		assert.Less(t, time.Since(begin), time.Second)
	})
}

// TestDrainWaits proves that a request which is under way when the server stops is
// answered, though the client was silent until then.
func TestDrainWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		gate.open()
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, newServer(gate.check), ln)
		c := ln.dial(t)
		c.expect("*")
		cancel()
		synctest.Wait()
		c.send("^P7$")
		c.expect("prime\n")
		assert.NoError(t, <-done)
	})
}

// TestDrainBusy proves that a client which always has one more request does not hold up
// the end.
func TestDrainBusy(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(newGate().check), ln)
	c := greeted(t, ln.Addr().String())
	for range 100 {
		c.send("^a$")
		c.expect("b")
	}
	cancel()
	for err := error(nil); err == nil; {
		io.WriteString(c.conn, "^a$")
		_, err = c.conn.Read(make([]byte, 1))
	}
	assert.NoError(t, <-done)
}

// TestGrace proves that requests which take too long are cut off, as is a client that
// does not take its replies.
func TestGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		srv := newServer(gate.check)
		ctx, cancel := context.WithCancel(t.Context())
		done := run(ctx, srv, ln)
		gone, slow := ln.dial(t), ln.dial(t)
		gone.conn.Close()
		slow.send(large + large)
		<-gate.entered
		deaf, deafServer := net.Pipe()
		defer deaf.Close()
		ln.backlog <- deafServer
		synctest.Wait()

		begin := time.Now()
		cancel()
		assert.EqualError(t, <-done, "2 clients cut off after 1m0s")
		assert.Equal(t, srv.Grace, time.Since(begin))
		<-slow.closed
		slow.expect("*")
		gate.open()
		synctest.Wait()
		assert.Empty(t, gate.entered, "another check has begun")
	})
}

// TestCutOffFails proves that a program which was told to stop, and had to cut a client off, says
// so and fails: somebody has asked, and was not answered.
func TestCutOffFails(t *testing.T) {
	if os.Getenv("WORKBOOK_CUT_OFF") != "" { // the program
		os.Args = []string{"server", "-addr", "127.0.0.1:0", "-grace", "1ms", "-log-level", "debug"}
		main()
		os.Exit(0)
	}
	if runtime.GOOS == "windows" {
		t.Skip("here, a program can't ask another to stop")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	program := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestCutOffFails$")
	program.Env = append(os.Environ(), "WORKBOOK_CUT_OFF=1")
	stderr, err := program.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	defer program.Process.Kill() // when the test fails
	log := bufio.NewReader(stderr)
	line, err := log.ReadString('\n')
	require.NoError(t, err)
	_, addr, _ := strings.Cut(strings.TrimSpace(line), "addr=")

	c := greeted(t, addr)
	c.send("^a$^P18446744073709551557$") // whose check takes seconds
	c.expect("b")
	require.NoError(t, program.Process.Signal(syscall.SIGTERM))
	said, _ := io.ReadAll(log)
	program.Wait()
	assert.Equal(t, 1, program.ProcessState.ExitCode(), "the exit status of a program that has cut a client off")
	assert.Contains(t, string(said), "1 clients cut off after 1ms", "a program has cut a client off, and doesn't say so")
	assert.Contains(t, string(said), "level=DEBUG msg=connected", "-log-level debug shows no more than without")
}
