//go:build !linux

package load

import "time"

// NewSleeper returns a function that sleeps until a time, and one to be called after
// the last sleep.
func NewSleeper() (sleep func(time.Time), awake func()) {
	return func(until time.Time) { time.Sleep(time.Until(until)) }, func() {}
}
