//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// An alarm wakes a poller from another goroutine: it is a pipe whose end fd becomes
// readable.
type alarm struct {
	fd   int
	ring *os.File
}

// newAlarm returns an alarm that is silent.
func newAlarm() (*alarm, error) {
	var ends [2]int
	if err := unix.Pipe(ends[:]); err != nil {
		return nil, err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
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

// Close frees the pipe.
func (a *alarm) Close() {
	a.ring.Close()
	unix.Close(a.fd)
}
