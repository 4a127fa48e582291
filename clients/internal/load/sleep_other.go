//go:build !linux

package load

import "time"

// newSleeper returns a function that sleeps until a time, and one to be called after
// the last sleep.
func newSleeper() (sleep func(time.Time), awake func()) {
	return func(until time.Time) { time.Sleep(time.Until(until)) }, func() {}
}
