//go:build unix && !linux

package main

import "golang.org/x/sys/unix"

// setKeepAlive leaves the system's numbers, which have another name on each system.
func setKeepAlive(fd int) {}

// accept returns the non-blocking socket of the next client.
func accept(listener int) (int, error) {
	fd, _, err := unix.Accept(listener)
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	return fd, unix.SetNonblock(fd, true)
}

func read(fd int, p []byte) (int, error)  { return unix.Read(fd, p) }
func write(fd int, p []byte) (int, error) { return unix.Write(fd, p) }
