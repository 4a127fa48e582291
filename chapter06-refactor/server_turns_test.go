//go:build unix

package main

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestOneCheckAtATime proves that no two clients are worked for at once: a check that
// runs stops everything else.
func TestOneCheckAtATime(t *testing.T) {
	var inside, most atomic.Int64
	addr := startServerWith(t, func(context.Context, uint64) (bool, error) {
		most.Store(max(most.Load(), inside.Add(1)))
		time.Sleep(time.Millisecond) // time for a second check to begin, in a wrong server
		inside.Add(-1)
		return true, nil
	})
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$" + large)
	}
	for _, c := range clients {
		c.finish("prime\nprime\n")
	}
	assert.EqualValues(t, 1, most.Load())
}

// TestTurnEndsWithCheck proves that a client which asks for twenty long checks in one
// segment lets others have their turns between two of them.
func TestTurnEndsWithCheck(t *testing.T) {
	const checks = 20
	entered, release := make(chan bool), make(chan bool)
	addr := startServerWith(t, func(context.Context, uint64) (bool, error) {
		entered <- true
		<-release
		return true, nil
	})
	greedy, other := greeted(t, addr), greeted(t, addr)
	greedy.send(strings.Repeat(large, checks))
	<-entered
	other.send("^a$")
	echoed := make(chan bool)
	go func() {
		io.ReadFull(other.conn, make([]byte, 1))
		close(echoed)
	}()

	inTime := false
	for i := range checks {
		select {
		case <-echoed:
			inTime = true
		case <-time.After(20 * time.Millisecond): // twenty times
		}
		release <- true
		if i < checks-1 {
			<-entered
		}
	}
	greedy.finish(strings.Repeat("prime\n", checks))
	assert.True(t, inTime, "the echo waited for all checks of another client")
}
