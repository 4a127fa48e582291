//go:build unix && !linux

package server

import "golang.org/x/sys/unix"

// broken asks the kernel whether a connection has been reset.
func broken(fd uintptr) bool {
	pending, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
	return err != nil || pending != 0
}
