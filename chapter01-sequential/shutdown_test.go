package main

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
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

		cancel()
		<-busy.closed
		busy.expect("*")
		assert.Empty(t, done)
		gate.open()
		assert.NoError(t, <-done)
	})
}
