// Package ending lets a program clean up before it ends.
package ending

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Context returns a context that is cancelled when somebody wants the program to end: by
// Ctrl-C, by SIGTERM, or by closing the terminal (SIGHUP, unless the program runs under
// nohup).
//
// From then on a write to a standard output that nobody reads any more, as in
// tour | head -n 3, returns an error. Without that, it would end the program on the spot.
func Context() (context.Context, context.CancelFunc) {
	// Nobody receives from the channel: that it has been asked for is enough.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(context.Background(), signals...)
}
