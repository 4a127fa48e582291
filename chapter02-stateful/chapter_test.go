package main

import (
	"testing"
	"testing/synctest"
)

// TestSecondClientWaits proves that one client is served at a time.
func TestSecondClientWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		ln := newPipeListener()
		serve(t, ln, gate.check)
		first, second := ln.dial(t), ln.dial(t)
		first.expect("*")
		first.send("^P7$")
		first.expect("") // in the gate
		second.expect("")

		gate.open()
		first.expect("prime\n")
		second.expect("") // the first is idle, and in the way

		first.conn.Close()
		second.expect("*")
	})
}
