//go:build unix

package async

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/socket"
)

// TestReadAndWrite sends more than the socket holds, both ways, to a task that echoes.
func TestReadAndWrite(t *testing.T) {
	loop, run := newLoop(t)
	fd, other := pair(t)
	sent := bytes.Repeat([]byte("0123456789"), 1<<18)
	loop.Go(fd, func(s *Socket) {
		got, err := io.ReadAll(io.LimitReader(s, int64(len(sent))))
		assert.NoError(t, err)
		n, err := s.Write(got)
		assert.NoError(t, err)
		assert.Equal(t, len(sent), n, "Write returns before all has been written")
	})
	go other.Write(sent)
	received := make(chan []byte, 1)
	go func() {
		got, _ := io.ReadAll(other)
		received <- got
	}()
	run()
	got := <-received
	assert.True(t, bytes.Equal(sent, got), "a client sent %d bytes to an echo, and got %d that are not the same", len(sent), len(got))
}

// TestWriteDoesNotWait proves that a task which writes goes on as long as there is room: it is
// suspended only when there is none.
func TestWriteDoesNotWait(t *testing.T) {
	loop, run := newLoop(t)
	fd, _ := pair(t)
	written := 0
	loop.Go(fd, func(s *Socket) {
		for range 3 {
			s.Write([]byte("a"))
			written++
		}
	})
	assert.Equal(t, 3, written, "writes before the task lets go, with room for all three")
	run()
}

// TestWriteCounts proves that a write which ends early says how much of it was sent, whether the
// client has gone or the loop has stopped.
func TestWriteCounts(t *testing.T) {
	for _, stop := range []bool{false, true} {
		loop, _ := newLoop(t)
		fd, other := pair(t)
		reader := int(other.Fd()) // blocks
		require.NoError(t, unix.SetNonblock(reader, true))
		sent := -1
		var err error
		loop.Go(fd, func(s *Socket) { sent, err = s.Write(make([]byte, 10<<20)) })
		require.Equal(t, -1, sent, "ten megabytes have no room")
		assert.Equal(t, poller.WantWrite, loop.tasks[fd].want, "what a write waits for, 2 for room")
		taken, buf := 0, make([]byte, 1<<16)
		for n := 1; n > 0; {
			n, _ = unix.Read(reader, buf)
			taken += max(n, 0)
		}
		if stop {
			loop.Close()
			assert.ErrorIs(t, err, ErrStopped, "the loop has stopped in the middle of a write, and the task is told something else")
		} else {
			other.Close()
			loop.resume(loop.tasks[fd])
			assert.ErrorIs(t, err, unix.EPIPE, "the client has gone in the middle of a write, and the task is told something else")
			loop.Close()
		}
		assert.Equal(t, taken, sent, "bytes that Write says it has sent, of which the client got %d", taken)
	}
}

// TestAgain proves that a call which was interrupted, or whose client gave up in the queue, is
// made again, and that no other failure is.
func TestAgain(t *testing.T) {
	for _, err := range []error{unix.EAGAIN, unix.EINTR, unix.ECONNABORTED} {
		assert.True(t, again(err), "%v is no reason to give up", err)
	}
	for _, err := range []error{unix.EPIPE, unix.ECONNRESET, unix.EMFILE} {
		assert.False(t, again(err), "%v will not go away", err)
	}
}

// TestEndOfInput proves that a task sees the end of the input, and errors.
func TestEndOfInput(t *testing.T) {
	loop, run := newLoop(t)
	fd, other := pair(t)
	other.Close()
	done := false
	loop.Go(fd, func(s *Socket) {
		n, err := s.Read(nil)
		assert.NoError(t, err, "a read of nothing")
		assert.Zero(t, n, "bytes in a read of nothing")
		_, err = s.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err, "the client has gone, and a read says something else")
		_, err = s.Write([]byte("a"))
		assert.ErrorIs(t, err, unix.EPIPE, "the client has gone, and a write says something else")
		done = true
	})
	run()
	assert.True(t, done, "the task has not come to its end")
}

// TestPanic proves that a panic ends its own task and no other.
func TestPanic(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	loop, run := newLoop(t)
	bad, wakeBad := pair(t)
	good, wakeGood := pair(t)
	loop.Go(bad, func(s *Socket) {
		s.Read(make([]byte, 1))
		panic("at the disco")
	})
	done := false
	loop.Go(good, func(s *Socket) {
		s.Read(make([]byte, 1))
		done = true
	})
	wakeBad.Write([]byte("a"))
	wakeGood.Write([]byte("a"))
	run()
	assert.True(t, done, "the task has not come to its end")
	assert.Contains(t, logged.String(), "panic: at the disco")
	_, err := wakeBad.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err, "its socket is closed")
}

// TestStop proves that Close ends every task, even one that does not want to, and one that
// has a client to accept.
func TestStop(t *testing.T) {
	defer goleak.VerifyNone(t)
	p, err := poller.New(poller.Default)
	require.NoError(t, err)
	defer p.Close()
	loop, err := NewLoop(p)
	require.NoError(t, err)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	client, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	listener, err := socket.TakeOver(ln)
	require.NoError(t, err)
	var errs []error
	try := func(fd int, call func(*Socket) error) {
		loop.Go(fd, func(s *Socket) {
			for range 3 {
				errs = append(errs, call(s))
			}
		})
	}
	try(listener, func(s *Socket) error { _, err := s.Accept(make([]int, 1)); return err })
	for _, call := range []func(*Socket) error{
		func(s *Socket) error { _, err := s.Read(make([]byte, 1)); return err },
		func(s *Socket) error { _, err := s.Write(make([]byte, 10<<20)); return err },
		func(s *Socket) error { return s.Sleep(time.Hour) },
		func(s *Socket) error { return s.Yield() },
	} {
		fd, _ := pair(t)
		try(fd, call)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, loop.Run(ctx))
	loop.Close()
	assert.Len(t, errs, 15, "the loop is closed, and a task that wanted something has not been told")
	for _, err := range errs {
		assert.ErrorIs(t, err, ErrStopped, "the loop is closed, and a call that waited for it says something else")
	}
}
