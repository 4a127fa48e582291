package proc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// CPU returns the CPU time of a process. It adds up what the scheduler has counted for
// each thread, in nanoseconds; /proc/PID/stat, which gopsutil reads, counts in hundredths of a
// second. Threads that have ended are not in it.
func CPU(pid int) (time.Duration, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if len(files) == 0 || err != nil {
		return 0, fmt.Errorf("no CPU time of process %d in /proc", pid)
	}
	var total time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has just ended
		}
		var used time.Duration
		if _, err := fmt.Sscan(string(text), &used); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		total += used
	}
	return total, nil
}

// Resident returns how many bytes of a process are in memory. It asks the page tables;
// /proc/PID/statm, which gopsutil reads, lags behind.
func Resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("no memory of process %d: %w", pid, err)
	}
	return kibibytes(text, "\nRss:")
}

// Slab returns how many bytes the kernel's tables occupy, for all that runs on the machine:
// sockets, files and the like, but not what is in a socket's buffers.
func Slab() (int64, error) {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, fmt.Errorf("no memory of the kernel: %w", err)
	}
	return kibibytes(text, "\nSlab:")
}

// kibibytes returns the number of bytes that follows a name.
func kibibytes(text []byte, name string) (n int64, err error) {
	_, rest, _ := strings.Cut(string(text), name)
	_, err = fmt.Sscan(rest, &n)
	return n << 10, err
}
