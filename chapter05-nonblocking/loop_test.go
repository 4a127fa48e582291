//go:build unix

package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestTurn proves that a turn is one read: a client that sends and sends does not keep it.
func TestTurn(t *testing.T) {
	poller, err := NewPoller(defaultPoller)
	require.NoError(t, err)
	defer poller.Close()
	l := &loop{
		isPrime: IsPrime, poller: poller, alarm: &alarm{fd: -1}, listener: -1,
		conns: make(map[int]*conn), in: make([]byte, readSize),
	}
	server, client := socketPair(t)
	l.greet(server)
	replies := make([]byte, 4*readSize)
	say := func(s string) string {
		unix.Write(client, []byte(s))
		require.NoError(t, l.turn(server))
		n, _, _ := unix.Recvfrom(client, replies, unix.MSG_DONTWAIT)
		return string(replies[:max(n, 0)])
	}
	assert.Equal(t, "*", say(""))
	assert.Equal(t, "", say("^P10"))
	assert.Equal(t, "prime\n", say("1$"))
	assert.Equal(t, strings.Repeat("b", readSize-1), say("^"+strings.Repeat("a", 3*readSize)))
}

// sleeper is a poller that counts how often the loop waits.
type sleeper struct {
	Poller
	waits *atomic.Int64
}

func (s sleeper) Wait(ready []int) ([]int, error) {
	s.waits.Add(1)
	return s.Poller.Wait(ready)
}

// TestSleep proves that the loop sleeps when there is nothing to do: with an idle
// client, without descriptors, and with a client that does not read. A loop that spins
// waits thousands of times in the time that this test takes.
func TestSleep(t *testing.T) {
	for _, name := range pollerNames() {
		if name == "spin" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			defer func(before string) { testedPoller = before }(testedPoller)
			var waits atomic.Int64
			pollers["sleeper"] = func() (Poller, error) {
				poller, err := NewPoller(name)
				return sleeper{poller, &waits}, err
			}
			defer delete(pollers, "sleeper")
			testedPoller = "sleeper"

			complaint := captureLog(t)
			addr := startServer(t)
			deaf, late := greeted(t, addr), newSocket(t)
			greeted(t, addr).finish("")
			deaf.conn.SetWriteDeadline(time.Now().Add(time.Second / 2))
			for err := error(nil); err == nil; { // until it is stuck
				_, err = deaf.conn.Write([]byte("^" + strings.Repeat("a", 1<<20)))
			}
			allowMore := forbidDescriptors(t)
			connectSocket(t, late, addr)
			complaint.wait()
			before := waits.Load()
			time.Sleep(time.Second / 2)
			assert.Less(t, waits.Load()-before, int64(20))
			allowMore()
		})
	}
}
