package load

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// NewSleeper returns a function that sleeps until a time, and one to be called after
// the last sleep. time.Sleep may be late by a millisecond when the program has nothing
// else to do, since the runtime waits with epoll then, which counts milliseconds. So this
// goroutine gets a thread to itself, which the kernel wakes within a few microseconds.
func NewSleeper() (sleep func(time.Time), awake func()) {
	runtime.LockOSThread()
	// By default, the kernel may delay a wake-up by 50 µs, to wake fewer times.
	unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	awake = func() {
		unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0) // the default again
		runtime.UnlockOSThread()
	}
	return sleepThread, awake
}

func sleepThread(until time.Time) {
	for d := time.Until(until); d > 0; d = time.Until(until) { // a signal may wake it
		ts := unix.NsecToTimespec(int64(d))
		unix.Nanosleep(&ts, nil)
	}
}
