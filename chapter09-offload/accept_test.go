package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestAcceptFails runs out of descriptors twenty times: the server waits longer and
// longer between two attempts, and then it serves. Time in the bubble is not real.
func TestAcceptFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ln := newPipeListener()
		ln.failures = 20
		client := ln.dial(t)
		serve(t, ln, newGate().check)
		<-client.greeted
		client.expect("*")
		assert.Greater(t, time.Since(begin), 10*time.Second)
	})
}

// TestListenerFails proves that a listener which is closed by somebody else ends the
// server with an error.
func TestListenerFails(t *testing.T) {
	ln := newPipeListener()
	ln.Close()
	assert.Error(t, newServer(newGate().check).Serve(t.Context(), ln))
}
