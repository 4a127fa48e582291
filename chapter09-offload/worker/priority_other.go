//go:build !linux

package worker

// setNice does nothing: here, a thread can't have a nice value of its own.
func setNice(nice int) {}
