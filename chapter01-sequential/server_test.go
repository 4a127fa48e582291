package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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

// TestLog proves that the log says in one line why a session has failed, and nothing about those
// that end well, or together with the server.
func TestLog(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	unlucky := func(context.Context, uint64) (bool, error) { return false, errors.New("out of luck") }
	go func() { done <- newServer(unlucky).Serve(ctx, ln) }()
	for request, reply := range map[string]string{"^a$": "b", "^P7$": ""} {
		c := greeted(t, ln.Addr().String())
		c.send(request)
		c.finish(reply)
	}
	greeted(t, ln.Addr().String()) // and stays until the stop
	cancel()
	assert.NoError(t, <-done)
	assert.Equal(t, 1, bytes.Count(logged.Bytes(), []byte("\n")), "the lines of the log, of which one is a client's failure:\n%s", &logged)
	assert.Contains(t, logged.String(), "out of luck", "a session has failed, and the log does not say why")
}

// hurried is a listener whose server is told to stop at the moment it accepts a client.
type hurried struct {
	*pipeListener
	stop func()
}

func (h hurried) Accept() (net.Conn, error) {
	conn, err := h.pipeListener.Accept()
	h.stop()
	return conn, err
}

// TestServeWaitsForTheLast proves that Serve waits even for a client that was accepted at the
// moment of the stop, and whose handler may not have begun.
func TestServeWaitsForTheLast(t *testing.T) {
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		ln := newPipeListener()
		client, conn := net.Pipe()
		defer client.Close()
		ln.backlog <- conn
		require.NoError(t, newServer(nil).Serve(ctx, hurried{ln, cancel}))
		require.ErrorIs(t, conn.SetDeadline(time.Time{}), io.ErrClosedPipe, "Serve returned, and the client that came last still has a connection")
	}
}

// TestServeWaits proves that Serve closes the connections when it is told to stop, and
// does not return before the last handler has.
func TestServeWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, ln := newGate(), newPipeListener()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer(gate.check).Serve(ctx, ln) }()
		busy := ln.dial(t)
		busy.send("^P7$")
		<-gate.entered

		cancel()
		<-busy.closed
		busy.expect("*")
		time.Sleep(time.Hour) // of the bubble
		if len(done) > 0 {
			t.Error("Serve returned while a client was being served")
		}
		gate.open()
		assert.NoError(t, <-done)
	})
}

// TestStopBetweenChecks proves that a server which is told to stop begins no further
// check, though its client has asked for five.
func TestStopBetweenChecks(t *testing.T) {
	gate := newGate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(gate.check).Serve(ctx, ln) }()
	greeted(t, ln.Addr().String()).send(strings.Repeat(large, 5))
	<-gate.entered

	cancel()
	gate.open()
	assert.NoError(t, <-done)
	assert.Empty(t, gate.entered, "another check has begun")
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
