package main

import "testing"

// TestClientsOverlap holds a hundred clients in the prime check at once.
func TestClientsOverlap(t *testing.T) {
	gate := newGate()
	defer gate.open() // when the test fails
	addr := startServerWith(t, gate.check)
	clients := make([]*client, 100)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$")
		<-gate.entered
	}
	gate.open()
	for _, c := range clients {
		c.finish("prime\n")
	}
}
