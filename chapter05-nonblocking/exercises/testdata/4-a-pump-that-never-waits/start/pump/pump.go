//go:build unix

// Package pump moves bytes between descriptors that never block.
package pump

import "golang.org/x/sys/unix"

// chunk is how much is read at a time.
const chunk = 16384

// A Pump moves what comes from one non-blocking descriptor to another, and keeps no more than what one read
// has brought.
type Pump struct {
	from, to int
}

// New returns a pump from one descriptor to another.
func New(from, to int) *Pump { return &Pump{from: from, to: to} }

// Turn does what can be done without waiting. It returns true when the source has ended and all of it has been
// written, or the error that ended it.
func (p *Pump) Turn() (done bool, err error) {
	buf := make([]byte, chunk)
	n, err := unix.Read(p.from, buf)
	if n <= 0 {
		return n == 0, nil
	}
	unix.Write(p.to, buf[:n])
	return false, nil
}

// Wants returns what there is to wait for before the next turn: the source, if it is to be readable, or the
// target, if it is to have room. Never both: what can't be passed on isn't read.
func (p *Pump) Wants() (source, target bool) { return true, false }
