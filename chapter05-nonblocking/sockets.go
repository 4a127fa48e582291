//go:build unix

package main

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// takeOver returns a descriptor of ln's socket and closes ln, so that the socket
// belongs to the loop alone and not also to the poller inside Go's runtime.
func takeOver(ln net.Listener) (int, error) {
	defer ln.Close()
	socket, ok := ln.(syscall.Conn)
	if !ok {
		return -1, errors.New("the listener has no socket")
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return -1, err
	}
	var fd int
	var dupErr error
	err = raw.Control(func(own uintptr) { fd, dupErr = unix.Dup(int(own)) })
	return fd, errors.Join(err, dupErr)
}

// tune sets what net sets too: no reply waits until the one before it is acknowledged,
// and a client that has vanished without a word is noticed.
func tune(fd int) {
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
}

// An alarm wakes a poller from another goroutine: it is a pipe whose end fd becomes
// readable.
type alarm struct {
	fd   int
	ring *os.File
}

func newAlarm() (*alarm, error) {
	var ends [2]int
	if err := unix.Pipe(ends[:]); err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(ends[0], true); err != nil {
		return nil, err
	}
	return &alarm{fd: ends[0], ring: os.NewFile(uintptr(ends[1]), "alarm")}, nil
}

// Ring may be called from any goroutine, and after Close.
func (a *alarm) Ring() { a.ring.Write([]byte{0}) }

// Rung reports whether the alarm has rung since the last call.
func (a *alarm) Rung() bool {
	var buf [64]byte
	n, _ := unix.Read(a.fd, buf[:])
	return n > 0
}

func (a *alarm) Close() {
	a.ring.Close()
	unix.Close(a.fd)
}
