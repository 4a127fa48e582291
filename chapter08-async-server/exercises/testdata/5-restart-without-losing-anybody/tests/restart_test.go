//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// init makes the test's own file the server's, if the variable is set.
func init() {
	if os.Getenv("WORKBOOK_SERVER") != "" {
		main()
		os.Exit(0)
	}
}

// A running server is a process, and those that have followed it.
type running struct {
	t     *testing.T
	file  string // from which it was started
	first *exec.Cmd
	pid   int // of the one that accepts clients
	addr  string
	log   chan string
}

// launch starts the server from a file of its own.
func launch(t *testing.T, args ...string) *running {
	s := &running{t: t, file: filepath.Join(t.TempDir(), "server"), log: make(chan string, 10_000)}
	s.install()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	s.first = exec.Command(s.file, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	s.first.Env = append(os.Environ(), "WORKBOOK_SERVER=1")
	s.first.Stderr = write
	s.first.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, s.first.Start())
	write.Close()
	s.pid = s.first.Process.Pid
	go s.read(read)
	t.Cleanup(func() {
		syscall.Kill(-s.first.Process.Pid, syscall.SIGKILL) // all of them
		s.first.Wait()
		for range s.log {
		}
	})
	s.addr = regexp.MustCompile(`addr=(\S+)`).FindStringSubmatch(s.waitFor("the server doesn't listen", "msg=listening"))[1]
	return s
}

// install puts a server that works where the next one will be started from.
func (s *running) install() {
	own, err := os.Executable()
	require.NoError(s.t, err)
	program, err := os.ReadFile(own)
	require.NoError(s.t, err)
	s.replace(program)
}

// replace puts another program there.
func (s *running) replace(program []byte) {
	require.NoError(s.t, os.WriteFile(s.file+".new", program, 0o755))
	require.NoError(s.t, os.Rename(s.file+".new", s.file))
}

// read reads what all of them log, until they have ended.
func (s *running) read(from *os.File) {
	defer from.Close()
	defer close(s.log)
	for lines := bufio.NewScanner(from); lines.Scan(); {
		s.log <- lines.Text()
	}
}

// waitFor returns the next line of the log in which one of the texts is. What it means if none
// comes is said first.
func (s *running) waitFor(wrong string, texts ...string) string {
	s.t.Helper()
	late := time.After(patience)
	last := "nothing"
	for {
		select {
		case line, alive := <-s.log:
			if !alive {
				s.first.Wait()
				s.t.Fatalf("the server has ended (%v), and its clients are cut off; its last line is: %s", s.first.ProcessState, last)
			}
			for _, text := range texts {
				if strings.Contains(line, text) {
					return line
				}
			}
			last = line
		case <-late:
			s.t.Fatalf("%s: the log should say %q, and its last line is: %s", wrong, texts, last)
		}
	}
}

// signal sends a signal to the one that accepts clients.
func (s *running) signal(signal syscall.Signal) {
	s.t.Helper()
	require.NoError(s.t, syscall.Kill(s.pid, signal))
}

var handedOver = regexp.MustCompile(`msg="handed over".* pid=(\d+)`)

// restart waits until the next one has taken over.
func (s *running) restart() {
	s.t.Helper()
	s.signal(syscall.SIGHUP)
	line := s.waitFor("a SIGHUP, and no other process takes over", "handed over", "restart failed")
	match := handedOver.FindStringSubmatch(line)
	require.NotNil(s.t, match, "the old process should log handed over, with the new one's pid, and logs: %s", line)
	s.pid, _ = strconv.Atoi(match[1])
}

// failedRestart waits until the server knows that there will be no next one.
func (s *running) failedRestart() {
	s.t.Helper()
	s.replace([]byte("#!/bin/sh\nexit 3\n"))
	s.signal(syscall.SIGHUP)
	line := s.waitFor("the new program has ended at once, and the old process waits for it", "handed over", "restart failed")
	require.Contains(s.t, line, "restart failed", "the new program ends at once, and the old one leaves the clients to it")
}

// ends waits for the end of the first process.
func (s *running) ends(wrong string) {
	s.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.first.Wait() }()
	select {
	case err := <-ended:
		assert.NoError(s.t, err, "how the old process ends")
	case <-time.After(patience):
		s.t.Error(wrong)
		s.first.Process.Kill()
		<-ended
	}
}

// session is all that a client does, from its connect to the end. It returns what went wrong.
func session(addr string) error {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return fmt.Errorf("a client can't connect: %w", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		return fmt.Errorf("a client has connected, and is not greeted: %w", err)
	}
	if _, err := io.WriteString(conn, "^P7$^echo$"); err != nil {
		return fmt.Errorf("a client can't send its requests: %w", err)
	}
	conn.(*net.TCPConn).CloseWrite()
	got, err := io.ReadAll(conn)
	if want := "prime\nfdip"; err != nil || string(got) != want {
		return fmt.Errorf("a client is owed %q and gets %q, and then %v", want, got, err)
	}
	return nil
}

// TestRestartUnderLoad restarts the server twenty times while clients come and go: nobody is
// refused, no reply is lost, nobody is reset.
func TestRestartUnderLoad(t *testing.T) {
	s := launch(t)
	var over atomic.Bool
	var clients sync.WaitGroup
	var sessions [4]int
	var wrong [4]error
	for i := range sessions {
		clients.Go(func() {
			for ; !over.Load() && wrong[i] == nil; sessions[i]++ {
				wrong[i] = session(s.addr)
			}
		})
	}
	defer clients.Wait()
	defer over.Store(true)
	for range 20 {
		s.restart()
	}
	over.Store(true)
	clients.Wait()
	assert.NoError(t, errors.Join(wrong[:]...), "the server restarts, and its clients are served all the time")
	assert.NoError(t, session(s.addr), "after twenty restarts")
	s.ends("the first process hasn't ended: it has handed over, and its clients have left")
}

// TestSessionStays proves that a client which is there may stay: the old process serves it as
// long as it likes, and then ends.
func TestSessionStays(t *testing.T) {
	s := launch(t)
	c := greeted(t, s.addr)
	c.send("^ab")
	c.expect("bc")
	s.restart()
	require.NoError(t, session(s.addr), "a new client, after a restart")
	for begin := time.Now(); time.Since(begin) < 3*drainPause; {
		c.send("x")
		_, err := io.ReadFull(c.conn, make([]byte, 1))
		require.NoError(t, err, "a client which was there before the restart is hung up on")
	}
	c.send("$^P7$")
	c.finish("prime\n")
	s.ends("the old process doesn't end: its last client has left")
}

// TestArguments proves that the new process has the arguments of the old one.
func TestArguments(t *testing.T) {
	s := launch(t, "-log-level", "debug")
	s.restart()
	s.ends("the old process has no clients, and doesn't end") // until then it may be the one who accepts
	greeted(t, s.addr)
	s.waitFor("the old process logs who connects, as its arguments say, and the new one doesn't", "msg=connected")
}

// TestFailedRestart proves that a program which doesn't come up leaves the old one serving, and
// that the next one may.
func TestFailedRestart(t *testing.T) {
	s := launch(t)
	c := greeted(t, s.addr)
	s.failedRestart()
	require.NoError(t, session(s.addr), "the restart has failed, and the old process should serve")
	c.send("^P7$")
	c.finish("prime\n")
	s.failedRestart()
	require.NoError(t, session(s.addr), "the second restart has failed, and the old process should serve")
	s.install()
	s.restart()
	assert.NoError(t, session(s.addr), "the third restart should work")
}

// TestStopAfterFailure proves that a restart which failed has not changed the listener: it is as
// easily closed as before.
func TestStopAfterFailure(t *testing.T) {
	s := launch(t)
	s.failedRestart()
	require.NoError(t, session(s.addr), "the restart has failed, and the old process should serve")
	s.signal(syscall.SIGTERM)
	s.ends("the server is told to stop, after a restart that failed, and doesn't")
}

// TestWhileItStarts proves that the old process serves while the new one starts, however long
// that takes, and that a stop is the end of both.
func TestWhileItStarts(t *testing.T) {
	s := launch(t)
	s.replace([]byte("#!/bin/sh\necho slowly >&2\nexec sleep 100\n"))
	s.signal(syscall.SIGHUP)
	s.waitFor("a SIGHUP, and no other process is started, or nobody sees what it prints", "slowly")
	for range 3 {
		require.NoError(t, session(s.addr), "the new process takes its time to start, and nobody serves")
	}
	s.signal(syscall.SIGTERM)
	s.ends("the server is told to stop while another starts, and doesn't")
	s.refused("the server has been told to stop while another was starting, and that one still has the listener")
}

// refused waits until nobody listens any more.
func (s *running) refused(wrong string) {
	s.t.Helper()
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			return
		}
		conn.Close()
	}
	s.t.Error(wrong + ": clients connect, and wait for ever")
}

// TestListenerLeft proves that the process which has handed over has no part in the listener any
// more. If it had, clients could connect when the last server has gone.
func TestListenerLeft(t *testing.T) {
	s := launch(t)
	first := greeted(t, s.addr)
	s.restart()
	first.finish("")
	s.ends("the old process doesn't end: its last client has left") // before that, it might take the next one
	second := greeted(t, s.addr)
	s.restart()
	s.signal(syscall.SIGTERM)
	s.refused("the last server has ended, and one that has handed over still has the listener")
	second.send("^P7$")
	second.finish("prime\n")
}

// TestSecondHangup proves that a process which has handed over does so once.
func TestSecondHangup(t *testing.T) {
	s := launch(t)
	c := greeted(t, s.addr)
	old := s.pid
	s.restart()
	require.NoError(t, syscall.Kill(old, syscall.SIGHUP), "the old process has handed over and still serves a client, and is gone")
	for begin := time.Now(); time.Since(begin) < 3*drainPause; {
		c.send("^a$")
		_, err := io.ReadFull(c.conn, make([]byte, 1))
		require.NoError(t, err, "a second SIGHUP, at a process that has handed over, cuts its client off")
	}
	c.finish("")
	s.ends("the old process doesn't end: its last client has left")
	for len(s.log) > 0 {
		line := <-s.log
		assert.NotContains(t, line, "handed over", "a second SIGHUP, at a process that has handed over, starts another")
		assert.NotContains(t, line, "restart failed", "a second SIGHUP, at a process that has handed over, starts another")
	}
	assert.NoError(t, session(s.addr), "after a second SIGHUP, a new client is not served")
}

// TestStopAfterHandover proves that a stop reaches the process that has handed over, too: it drains.
func TestStopAfterHandover(t *testing.T) {
	s := launch(t)
	c := greeted(t, s.addr)
	old := s.pid
	s.restart()
	require.NoError(t, syscall.Kill(old, syscall.SIGTERM), "the old process has handed over and still serves a client, and is gone")
	_, err := io.ReadAll(c.conn)
	assert.NoError(t, err, "a process that has handed over is told to stop: its client should see the end")
	s.ends("a process that has handed over is told to stop, and doesn't")
	assert.NoError(t, session(s.addr), "the old process was told to stop, and the new one has gone with it")
}
