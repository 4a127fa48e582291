package engine

import (
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// Resident returns how many bytes of the server are in memory, if that can be known.
func (s *Server) Resident() (int64, bool) {
	if s.Options.PID == 0 {
		return 0, false
	}
	n, err := proc.Resident(s.Options.PID)
	return n, err == nil
}

// CPU returns the CPU time of the server, if that can be known.
func (s *Server) CPU() (time.Duration, bool) {
	if s.Options.PID == 0 {
		return 0, false
	}
	d, err := proc.CPU(s.Options.PID)
	return d, err == nil
}

// Descriptors returns how many files and sockets the server has open.
func (t *Test) Descriptors() int {
	open, err := proc.Descriptors(t.Options.PID)
	if err != nil {
		t.Skip("%v", err)
	}
	return open
}

// TakeDescriptors leaves the server no descriptor for a further file or socket, until it is
// given them back.
func (t *Test) TakeDescriptors() (giveBack func()) {
	giveBack, err := proc.LimitDescriptors(t.Options.PID, 0)
	if err != nil {
		t.Skip("the limit of process %d can't be set: %v", t.Options.PID, err)
		return func() {}
	}
	return giveBack
}
