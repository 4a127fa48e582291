//go:build unix

package poller

import (
	"os"

	"golang.org/x/sys/unix"
)

// An Alarm wakes a poller from another goroutine: it is a pipe whose end FD becomes
// readable.
type Alarm struct {
	FD   int
	ring *os.File
}

// NewAlarm returns an alarm that is silent.
func NewAlarm() (*Alarm, error) {
	var ends [2]int
	if err := unix.Pipe(ends[:]); err != nil {
		return nil, err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	if err := unix.SetNonblock(ends[0], true); err != nil {
		return nil, err
	}
	return &Alarm{FD: ends[0], ring: os.NewFile(uintptr(ends[1]), "alarm")}, nil
}

// Ring may be called from any goroutine, and after Close.
func (a *Alarm) Ring() { a.ring.Write([]byte{0}) }

// Rung reports whether the alarm has rung since the last call.
func (a *Alarm) Rung() bool {
	var buf [64]byte
	n, _ := unix.Read(a.FD, buf[:])
	return n > 0
}

// Close frees the pipe.
func (a *Alarm) Close() {
	a.ring.Close()
	unix.Close(a.FD)
}
