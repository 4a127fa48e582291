package main

import (
	"testing"
	"testing/synctest"
)

// TestWorkers proves that as many clients are served at once as there are workers,
// and not one more.
func TestWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		ln := newPipeListener()
		serve(t, ln, gate.check)
		var served []*pipeClient
		for range 4 {
			c := ln.dial(t)
			c.expect("*")
			c.send("^P7$")
			served = append(served, c)
		}
		fifth, sixth := ln.dial(t), ln.dial(t)
		fifth.expect("")

		gate.open()
		for _, c := range served {
			c.expect("prime\n")
		}
		fifth.expect("") // the four are idle, and in the way

		served[2].conn.Close()
		fifth.expect("*")
		sixth.expect("")
	})
}
