//go:build unix && !linux

package socket

import "golang.org/x/sys/unix"

// setKeepAlive leaves the system's numbers, which have another name on each system.
func setKeepAlive(fd int) {}

// Accept returns the non-blocking socket of the next client.
func Accept(listener int) (int, error) {
	fd, _, err := unix.Accept(listener)
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	return fd, unix.SetNonblock(fd, true)
}

// Read reads as read(2) does.
func Read(fd int, p []byte) (int, error) { return unix.Read(fd, p) }

// Write writes as write(2) does.
func Write(fd int, p []byte) (int, error) { return unix.Write(fd, p) }
