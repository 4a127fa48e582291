package main

import "testing"

// TestClientsOverlap holds a hundred clients in the prime check at once.
func TestClientsOverlap(t *testing.T) {
	gate := newGate()
	addr := startServerWith(t, gate.check)
	clients := make([]*client, 100)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$")
		<-gate.entered
	}
	close(gate.release)
	for _, c := range clients {
		c.finish("prime\n")
	}
}
