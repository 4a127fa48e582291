package relay

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
)

// An end is one side of a connection in memory, which holds what nobody has read yet.
type end struct {
	in, out *stream
}

type stream struct {
	mu     sync.Mutex
	wake   *sync.Cond
	data   strings.Builder
	ended  bool // nothing more is written
	closed bool // nobody reads
}

func newStream() *stream {
	s := &stream{}
	s.wake = sync.NewCond(&s.mu)
	return s
}

// connect returns the two sides of a connection.
func connect() (*end, *end) {
	a, b := newStream(), newStream()
	return &end{a, b}, &end{b, a}
}

var errClosed = errors.New("the connection is closed")

func (e *end) Read(p []byte) (int, error) {
	s := e.in
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.data.Len() == 0 && !s.ended && !s.closed {
		s.wake.Wait()
	}
	if s.closed {
		return 0, errClosed
	}
	text := s.data.String()
	n := copy(p, text)
	s.data.Reset()
	s.data.WriteString(text[n:])
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (e *end) Write(p []byte) (int, error) {
	s := e.out
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.closed {
		return 0, errClosed
	}
	s.data.Write(p)
	s.wake.Broadcast()
	return len(p), nil
}

func (s *stream) end(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.closed = true, s.closed || closed
	s.wake.Broadcast()
}

func (e *end) CloseWrite() error { e.out.end(false); return nil }

func (e *end) Close() error {
	e.out.end(false)
	e.in.end(true)
	return nil
}

func (e *end) isClosed() bool {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	return e.in.closed
}

// seesEnd reports whether a read says that nothing more will come, when nothing moves any more.
func (e *end) seesEnd() bool {
	synctest.Wait()
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	return e.in.ended && e.in.data.Len() == 0
}

// say sends a text, and returns what the other side has got when nothing moves any more.
func say(from, to *end, text string) string {
	io.WriteString(from, text)
	synctest.Wait()
	to.in.mu.Lock()
	defer to.in.mu.Unlock()
	got := to.in.data.String()
	to.in.data.Reset()
	return got
}

// relayed runs a test with a client and a server that are connected by Relay, and their proxy's ends.
func relayed(t *testing.T, test func(t *testing.T, client, server, a, b *end, done func() bool)) {
	synctest.Test(t, func(t *testing.T) {
		client, a := connect()
		b, server := connect()
		returned := make(chan struct{})
		go func() {
			Relay(a, b)
			close(returned)
		}()
		synctest.Wait()
		test(t, client, server, a, b, func() bool {
			synctest.Wait()
			select {
			case <-returned:
				return true
			default:
				return false
			}
		})
		for _, e := range []*end{client, server, a, b} { // when the test fails
			e.Close()
		}
	})
}

// TestBothWays proves that either side may speak first, and that neither has to wait for the other to end.
func TestBothWays(t *testing.T) {
	relayed(t, func(t *testing.T, client, server, a, b *end, done func() bool) {
		assert.Equal(t, "*", say(server, client, "*"), "a server greets its client, and the client gets something else")
		assert.Equal(t, "^a$", say(client, server, "^a$"), "a client asks, and the server gets something else")
		assert.Equal(t, "b", say(server, client, "b"), "a server answers a client that may ask more, and the client gets something else")
	})
}

// TestHalfClose proves that a client which has said all it has to say still gets its replies.
func TestHalfClose(t *testing.T) {
	relayed(t, func(t *testing.T, client, server, a, b *end, done func() bool) {
		say(client, server, "^a$")
		client.CloseWrite()
		assert.True(t, server.seesEnd(), "a client has said all, and the server does not see the end of its input")
		assert.False(t, done(), "Relay has returned, and the server still has replies")
		assert.Equal(t, "b", say(server, client, "b"), "a client that has said all has lost its reply")
		server.CloseWrite()
		assert.True(t, done(), "both sides have said all, and Relay has not returned")
		assert.True(t, a.isClosed() && b.isClosed(), "Relay has returned, and a connection is still open: the proxy will run out of descriptors")
	})
}

// TestServerEndsFirst proves the same for a server that has nothing more to say, and reads on.
func TestServerEndsFirst(t *testing.T) {
	relayed(t, func(t *testing.T, client, server, a, b *end, done func() bool) {
		server.CloseWrite()
		assert.True(t, client.seesEnd(), "a server has said all, and the client does not see the end")
		assert.Equal(t, "more", say(client, server, "more"), "a server has said all, and what its client still sends is lost")
		assert.False(t, done(), "Relay has returned, and the client is still sending")
		client.CloseWrite()
		assert.True(t, done(), "both sides have said all, and Relay has not returned")
	})
}

// TestWriteFails proves that nobody waits for a side to which nothing can be sent: the other is told by
// the end of its connection.
func TestWriteFails(t *testing.T) {
	relayed(t, func(t *testing.T, client, server, a, b *end, done func() bool) {
		server.in.end(true) // it doesn't read, and doesn't speak
		say(client, server, "^a$")
		assert.True(t, done(), "a server reads no more, and its client's connection stays open: it would wait for ever")
		assert.True(t, a.isClosed() && b.isClosed(), "a write has failed, and a connection is still open")
	})
}

// TestNothingIsLeft proves that no goroutine outlives Relay.
func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		client, a := connect()
		b, server := connect()
		client.Close()
		server.Close()
		Relay(a, b)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines when ten relays have returned")
}
