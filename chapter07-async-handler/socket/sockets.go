//go:build unix

// Package socket makes the system calls on non-blocking sockets.
package socket

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// TakeOver returns a descriptor of ln's socket and closes ln, so that the socket
// belongs to the loop alone and not also to the poller inside Go's runtime.
func TakeOver(ln net.Listener) (int, error) {
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
	err = raw.Control(func(own uintptr) { fd, dupErr = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0) })
	return fd, errors.Join(err, dupErr)
}

// Tune sets what net sets too: no reply waits until the one before it is acknowledged,
// and a client that has vanished without a word is noticed.
func Tune(fd int) {
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	setKeepAlive(fd)
}
