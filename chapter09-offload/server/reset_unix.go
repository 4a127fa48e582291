//go:build unix

package server

import "syscall"

// socketError returns the error that is pending on a socket, such as a reset.
func socketError(fd uintptr) error {
	errno, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
	if err == nil && errno != 0 {
		err = syscall.Errno(errno)
	}
	return err
}
