//go:build !linux

package proc

import "time"

// CPU returns the CPU time of a process.
func CPU(pid int) (time.Duration, error) { return cpuTime(pid) }

// Resident returns how many bytes of a process are in memory.
func Resident(pid int) (int64, error) { return resident(pid) }

// Slab returns how many bytes the kernel's tables occupy, on Linux.
func Slab() (int64, error) { return 0, unsupported("size of the kernel's tables") }
