//go:build unix

package main

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
)

// testedPoller is the poller of the servers that the tests start.
var testedPoller = poller.Default

// TestEveryPoller runs the tests of the whole server with each poller.
func TestEveryPoller(t *testing.T) {
	defer func(before string) { testedPoller = before }(testedPoller)
	for _, testedPoller = range poller.Names() {
		t.Run(testedPoller, func(t *testing.T) {
			t.Run("three requests", TestThreeRequests)
			t.Run("sessions", TestSessions)
			t.Run("echo before the dollar", TestEchoBeforeTheDollar)
			t.Run("pipeline", TestPipeline)
			t.Run("large frame", TestLargeFrame)
			t.Run("resets", TestResets)
			t.Run("new client starts afresh", TestNewClientStartsAfresh)
			t.Run("shutdown", TestShutdown)
			t.Run("idle client", TestIdleClient)
			t.Run("client that does not read", TestClientThatDoesNotRead)
			t.Run("one check at a time", TestOneCheckAtATime)
			t.Run("out of descriptors", TestOutOfDescriptors)
		})
	}
}

// TestServeFails proves that a server which can't begin leaves no port open.
func TestServeFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := newServer(nil)
	srv.Poller = "select"
	assert.ErrorContains(t, srv.Serve(t.Context(), ln), `no poller "select"`)
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "somebody listens")
}

// TestOneCheckAtATime proves that no two handlers run at once: a check that runs stops
// everything else.
func TestOneCheckAtATime(t *testing.T) {
	var inside, most atomic.Int64
	addr := startServerWith(t, func(uint64) bool {
		most.Store(max(most.Load(), inside.Add(1)))
		time.Sleep(time.Millisecond) // time for a second check to begin, in a wrong server
		inside.Add(-1)
		return true
	})
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = greeted(t, addr)
		clients[i].send("^P7$")
	}
	for _, c := range clients {
		c.finish("prime\n")
	}
	assert.EqualValues(t, 1, most.Load())
}

// TestPanic proves that a panic in one handler costs one client.
func TestPanic(t *testing.T) {
	addr := startServerWith(t, func(n uint64) bool {
		if n == 13 {
			panic("bad luck")
		}
		return true
	})
	unlucky, other := greeted(t, addr), greeted(t, addr)
	unlucky.send("^P13$")
	unlucky.finish("")
	other.send("^P7$")
	other.finish("prime\n")
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
