package worker

import (
	"log/slog"
	"syscall"
)

// setNice sets the nice value of the calling thread. On Linux each thread has one of its
// own, and 0 means the caller: setpriority(2).
func setNice(nice int) {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice); err != nil {
		slog.Warn("a worker keeps its priority", "err", err)
	}
}
