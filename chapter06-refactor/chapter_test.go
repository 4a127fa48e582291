//go:build unix

package main

import (
	"errors"
	"net"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter06-refactor/poller"
)

// TestNoGoroutinePerClient proves that a thousand clients add no goroutine.
func TestNoGoroutinePerClient(t *testing.T) {
	addr := startServer(t)
	first := greeted(t, addr)
	before := runtime.NumGoroutine()
	for range 1000 {
		greeted(t, addr)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines with a thousand clients: no more than without")
	first.send("^P7$")
	first.finish("prime\n")
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

	ln, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	hidden := struct{ net.Listener }{ln} // shows nothing of its socket
	assert.ErrorContains(t, newServer(nil).Serve(t.Context(), hidden), "no socket")
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "somebody listens")

	assert.ErrorIs(t, newServer(nil).Serve(t.Context(), ln), net.ErrClosed, "a server's listener was closed before it began, and it does not say so")
	failure := errors.New("out of sockets")
	assert.Equal(t, failure, newServer(nil).Serve(t.Context(), socketless{ln, failure}), "a server can't have its listener's socket, and does not say so")
}

// socketless is a listener that does not let go of its socket.
type socketless struct {
	net.Listener
	failure error
}

func (s socketless) SyscallConn() (syscall.RawConn, error) { return nil, s.failure }

// TestEveryPoller runs the tests of the whole server with each poller but the default one,
// with which they run anyway.
func TestEveryPoller(t *testing.T) {
	defer func(before string) { testedPoller = before }(testedPoller)
	for _, testedPoller = range poller.Names() {
		if testedPoller == poller.Default {
			continue
		}
		t.Run(testedPoller, func(t *testing.T) {
			t.Run("sessions", TestSessions)
			t.Run("echo before the dollar", TestEchoBeforeTheDollar)
			t.Run("pipeline", TestPipeline)
			t.Run("large frame", TestLargeFrame)
			t.Run("resets", TestResets)
			t.Run("new client starts afresh", TestNewClientStartsAfresh)
			t.Run("shutdown", TestShutdown)
			t.Run("idle client", TestIdleClient)
			t.Run("client that does not read", TestClientThatDoesNotRead)
			t.Run("no goroutine per client", TestNoGoroutinePerClient)
			t.Run("one check at a time", TestOneCheckAtATime)
			t.Run("turn ends with check", TestTurnEndsWithCheck)
			t.Run("ready before check", TestReadyBeforeCheck)
			t.Run("stop between checks", TestStopBetweenChecks)
			t.Run("out of descriptors", TestOutOfDescriptors)
			t.Run("stop without descriptors", TestStopWithoutDescriptors)
		})
	}
}
