package engine

import (
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// Resident returns how many bytes of the server are in memory, or 0 if its process is not known.
func (t *Test) Resident() int64 {
	if t.Options.PID == 0 {
		return 0
	}
	n, err := proc.Resident(t.Options.PID)
	return known(t, n, err)
}

// CPU returns the CPU time of the server.
func (t *Test) CPU() time.Duration {
	d, err := proc.CPU(t.Options.PID)
	return known(t, d, err)
}

// Descriptors returns how many files and sockets the server has open.
func (t *Test) Descriptors() int {
	open, err := proc.Descriptors(t.Options.PID)
	return known(t, open, err)
}

// known ends the case if the system does not say what the case wants to know of the process.
func known[T any](t *Test, value T, err error) T {
	if err != nil {
		t.Skip("%v", err)
	}
	return value
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
