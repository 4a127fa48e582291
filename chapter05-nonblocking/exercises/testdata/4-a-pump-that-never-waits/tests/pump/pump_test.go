//go:build unix

package pump

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// pair returns two ends of a connection, neither of which blocks.
func pair(t *testing.T) (int, int) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	for _, fd := range ends {
		t.Cleanup(func() { unix.Close(fd) })
		require.NoError(t, unix.SetNonblock(fd, true))
	}
	return ends[0], ends[1]
}

// drain returns what is there to be read.
func drain(fd int) string {
	var all strings.Builder
	buf := make([]byte, 1<<16)
	for {
		n, _ := unix.Read(fd, buf)
		if n <= 0 {
			return all.String()
		}
		all.Write(buf[:n])
	}
}

// fill writes until there is no room, and returns how much that was.
func fill(fd int) int {
	filled := 0
	for {
		n, _ := unix.Write(fd, make([]byte, 512))
		if n <= 0 {
			return filled
		}
		filled += n
	}
}

// turn must neither fail nor be done.
func turn(t *testing.T, p *Pump) {
	t.Helper()
	done, err := p.Turn()
	require.NoError(t, err, "nothing has failed, and the pump says that something has")
	require.False(t, done, "the source has more to say, or not all is written, and the pump says that it is done")
}

func wants(p *Pump) string {
	source, target := p.Wants()
	return fmt.Sprintf("source %t, target %t", source, target)
}

// TestPassesOn proves that what comes is passed on, and that nobody waits when nothing comes.
func TestPassesOn(t *testing.T) {
	sender, from := pair(t)
	to, reader := pair(t)
	p := New(from, to)
	turn(t, p)
	unix.Write(sender, []byte("hello"))
	turn(t, p)
	assert.Equal(t, "hello", drain(reader), "five bytes came, and the reader gets something else")
	assert.Equal(t, "source true, target false", wants(p), "what the pump waits for when all is passed on")
}

// TestSlowReader proves that nothing is lost when the target has no room, and that the source is not read
// meanwhile.
func TestSlowReader(t *testing.T) {
	sender, from := pair(t)
	to, reader := pair(t)
	filled := fill(to)
	p := New(from, to)
	unix.Write(sender, []byte("first"))
	turn(t, p)
	unix.Write(sender, []byte("second"))
	turn(t, p)
	assert.Equal(t, "source false, target true", wants(p), "what the pump waits for while the target has no room")
	got := drain(reader)[filled:]
	assert.Empty(t, got, "there was no room")
	turn(t, p)
	assert.Equal(t, "first", drain(reader), "there is room again, and the reader gets something other than what was kept")
	turn(t, p)
	assert.Equal(t, "second", drain(reader), "the sender's bytes stayed in the kernel, and the reader gets something else")
}

// TestHalfWritten proves that of a write which takes a part, the rest is kept, once and in order.
func TestHalfWritten(t *testing.T) {
	sender, from := pair(t)
	to, reader := pair(t)
	require.NoError(t, unix.SetsockoptInt(to, unix.SOL_SOCKET, unix.SO_SNDBUF, 1))
	text := strings.Repeat("0123456789abcdefghijklmnopqrstuvw,", 2000)
	n, err := unix.Write(sender, []byte(text))
	require.NoError(t, err)
	sent, got := text[:n], ""
	p := New(from, to)
	for range 1000 {
		turn(t, p)
		if _, target := p.Wants(); target {
			got += drain(reader)
		}
	}
	got += drain(reader)
	assert.True(t, sent == got, "the reader is slow: %d bytes were sent, and it gets %d that are not the same", len(sent), len(got))
}

// TestEnd proves that the pump is done when the source has ended and all has been written, and not before.
func TestEnd(t *testing.T) {
	sender, from := pair(t)
	to, reader := pair(t)
	filled := fill(to)
	p := New(from, to)
	unix.Write(sender, []byte("last words"))
	unix.Shutdown(sender, unix.SHUT_WR)
	for range 3 {
		turn(t, p)
	}
	assert.Len(t, drain(reader), filled, "bytes that were there before")
	done, err := p.Turn()
	for range 2 {
		if !done && err == nil {
			done, err = p.Turn()
		}
	}
	assert.NoError(t, err, "both sides are well, and the pump fails")
	assert.True(t, done, "all has been passed on, and the pump never ends")
	assert.Equal(t, "last words", drain(reader), "the sender has gone, and what it said last is lost")
}

// TestFailures proves that a failure is told, and is not taken for a lack of room or the end.
func TestFailures(t *testing.T) {
	sender, from := pair(t)
	to, _ := pair(t)
	p := New(from, to)
	unix.Write(sender, []byte("hello"))
	unix.Close(to)
	_, err := p.Turn()
	assert.ErrorIs(t, err, unix.EBADF, "the target is closed, and nobody is told")
	other, target := pair(t)
	p = New(other, target)
	unix.Close(other)
	done, err := p.Turn()
	assert.ErrorIs(t, err, unix.EBADF, "the source is closed, and nobody is told")
	assert.False(t, done, "the source is closed, and the pump takes that for its end")
}
