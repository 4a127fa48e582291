package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
