//go:build unix

package async

import (
	"errors"
	"io"
	"os"
	"time"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/socket"
	"golang.org/x/sys/unix"
)

// ErrStopped is the error of a socket whose loop has stopped.
var ErrStopped = errors.New("the loop has stopped")

// A Socket belongs to one task, and only that task may use it. Its methods look as if
// they blocked; they suspend the task.
type Socket struct {
	fd      int
	loop    *Loop
	suspend func(poller.Want) bool // false: the loop has stopped
}

// Read reads what there is, at least one byte, or returns io.EOF. It suspends the task
// before it tries, so a client that always has more to say gets one turn like the others.
func (s *Socket) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for s.suspend(poller.WantRead) {
		n, err := socket.Read(s.fd, p)
		switch {
		case n > 0:
			return n, nil
		case err == nil:
			return 0, io.EOF
		case !again(err):
			return 0, os.NewSyscallError("read", err)
		}
	}
	return 0, ErrStopped
}

// Write writes all of p.
func (s *Socket) Write(p []byte) (int, error) {
	for sent := 0; ; {
		if sent == len(p) {
			return sent, nil
		}
		n, err := socket.Write(s.fd, p[sent:])
		switch {
		case err == nil:
			sent += n
		case !again(err):
			return sent, os.NewSyscallError("write", err)
		case !s.suspend(poller.WantWrite):
			return sent, ErrStopped
		}
	}
}

// Accept puts the descriptors of the next clients into fds: of those who are there, at least
// one. Like Read, it suspends the task before it tries, so a crowd at the door takes turns
// like everybody else.
func (s *Socket) Accept(fds []int) (int, error) {
	for s.suspend(poller.WantRead) {
		n, err := 0, error(nil)
		for n < len(fds) && err == nil {
			if fds[n], err = socket.Accept(s.fd); err == nil {
				n++
			}
		}
		switch {
		case n > 0: // an error that lasts comes again
			return n, nil
		case !again(err):
			return 0, os.NewSyscallError("accept", err)
		}
	}
	return 0, ErrStopped
}

// Yield suspends the task until the others have had their turns and the socket has room
// for a reply. It is for a task that is about to compute.
func (s *Socket) Yield() error {
	if !s.suspend(poller.WantWrite) {
		return ErrStopped
	}
	return nil
}

// Sleep suspends the task for a while, whether its socket is ready or not.
func (s *Socket) Sleep(d time.Duration) error {
	until := time.Now().Add(d)
	defer time.AfterFunc(d, s.loop.alarm.Ring).Stop()
	for time.Now().Before(until) { // the alarm may ring for somebody else
		if !s.suspend(poller.WantNothing) {
			return ErrStopped
		}
	}
	return nil
}

// again reports whether a call is to be made again, once the socket is ready.
func again(err error) bool {
	return err == unix.EAGAIN || err == unix.EINTR || err == unix.ECONNABORTED
}
