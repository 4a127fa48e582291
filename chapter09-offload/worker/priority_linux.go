package worker

import (
	"log/slog"
	"syscall"
)

// lowestPriority is the nice value of a thread that runs when no other wants to.
const lowestPriority = 19

// lowerPriority gives the calling thread the lowest priority. On Linux each thread has
// a nice value of its own, and 0 means the caller: setpriority(2).
func lowerPriority() {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowestPriority); err != nil {
		slog.Warn("a worker keeps its priority", "err", err)
	}
}
