//go:build !linux

package worker

// lowerPriority does nothing: here, a thread can't have a nice value of its own.
func lowerPriority() {}
