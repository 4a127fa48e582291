package main

import (
	"bytes"
	"context"
	"log"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
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
