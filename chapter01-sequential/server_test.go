package main

import (
	"bytes"
	"context"
	"log"
	"net"
	"os"
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
