// Package proc asks the operating system what a process costs. How that is done, the library
// gopsutil knows for each system; where Linux has more exact figures, they are read from /proc.
// An error is an [errors.ErrUnsupported] where the system has no answer, for any process.
package proc

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// Threads returns how many threads a process has.
func Threads(pid int) (int, error) {
	if runtime.GOOS == "openbsd" {
		return 0, explain("threads", pid, errNotImplemented) // gopsutil says 1 there
	}
	n, err := ask(pid, (*process.Process).NumThreads)
	return int(n), explain("threads", pid, err)
}

// Descriptors returns how many files and sockets a process has open. On Windows it counts
// all handles, and a thread is one, too.
func Descriptors(pid int) (int, error) {
	n, err := ask(pid, (*process.Process).NumFDs)
	if n == 0 && err == nil {
		err = errNotImplemented // Wine says so of every process
	}
	return int(n), explain("descriptors", pid, err)
}

// cpuTime is the CPU time of a process, as gopsutil tells it.
func cpuTime(pid int) (time.Duration, error) {
	times, err := ask(pid, (*process.Process).Times)
	if err != nil {
		return 0, explain("CPU time", pid, err)
	}
	return time.Duration((times.User + times.System) * float64(time.Second)), nil
}

// resident is how many bytes of a process are in memory, as gopsutil tells it.
func resident(pid int) (int64, error) {
	memory, err := ask(pid, (*process.Process).MemoryInfo)
	if err != nil {
		return 0, explain("memory", pid, err)
	}
	return int64(memory.RSS), nil
}

// ask asks a process that may be looked at. On macOS gopsutil takes a refusal for an answer,
// in which all is 0: no process that lives has no memory.
func ask[T any](pid int, question func(*process.Process) (T, error)) (answer T, err error) {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return answer, err
	}
	memory, err := p.MemoryInfo()
	if err == nil && memory.RSS == 0 {
		err = errors.New("it has ended, or belongs to another user")
	}
	if err != nil {
		return answer, err
	}
	return question(p)
}

// errNotImplemented reads like gopsutil's own, which is internal there.
var errNotImplemented = errors.New("not implemented yet")

// explain says what is not known about a process, if there is an error.
func explain(what string, pid int, err error) error {
	if err == nil {
		return nil
	}
	if err.Error() == errNotImplemented.Error() {
		return unsupported(what + " of a process")
	}
	return fmt.Errorf("no %s of process %d: %w", what, pid, err)
}

// unsupported returns the error for what can't be asked on this system.
func unsupported(what string) error {
	return fmt.Errorf("no %s on %s: %w", what, runtime.GOOS, errors.ErrUnsupported)
}
