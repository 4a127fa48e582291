package jobs

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// lasting is a job that takes that long, unless it is told to give up.
func lasting(d time.Duration, finished *atomic.Int64) func(context.Context) {
	return func(ctx context.Context) {
		select {
		case <-time.After(d):
			finished.Add(1)
		case <-ctx.Done():
		}
	}
}

// bubble runs a test in a time that is not real, with enough of it for jobs for which nobody has waited.
func bubble(t *testing.T, test func(t *testing.T, g *Group)) {
	synctest.Test(t, func(t *testing.T) {
		test(t, new(Group))
		time.Sleep(2 * time.Hour)
	})
}

// TestWaits proves that Stop waits for the jobs that have begun, and no longer than for the last.
func TestWaits(t *testing.T) {
	bubble(t, func(t *testing.T, g *Group) {
		var finished atomic.Int64
		for i := range 3 {
			assert.NoError(t, g.Start(lasting(time.Duration(i+1)*time.Second, &finished)), "a job is refused, and nobody has stopped anything")
		}
		begin := time.Now()
		assert.NoError(t, g.Stop(time.Minute), "all jobs were done in time")
		assert.Equal(t, int64(3), finished.Load(), "jobs that are done when Stop returns: the others are lost when the program ends")
		assert.Equal(t, 3*time.Second, time.Since(begin), "how long Stop takes, with three jobs of 1, 2 and 3 s and a minute of grace")
	})
}

// TestLateJobs proves that jobs which take longer than the grace are told to give up, and waited for.
func TestLateJobs(t *testing.T) {
	bubble(t, func(t *testing.T, g *Group) {
		var finished, gone atomic.Int64
		g.Start(lasting(5*time.Second, &finished))
		for range 2 {
			g.Start(func(ctx context.Context) {
				lasting(time.Hour, &finished)(ctx)
				time.Sleep(time.Second) // to clean up
				gone.Add(1)
			})
		}
		begin := time.Now()
		err := g.Stop(10 * time.Second)
		assert.ErrorContains(t, err, "2 jobs", "two jobs of an hour had ten seconds, and the caller is not told how many were cut off")
		assert.Equal(t, int64(2), gone.Load(), "jobs that have come to their end when Stop returns, of those that were told to give up")
		assert.Equal(t, 11*time.Second, time.Since(begin), "how long Stop takes, with ten seconds of grace and a second to clean up")
		assert.Equal(t, int64(1), finished.Load(), "jobs that were done in time")
	})
}

// TestNothingMore proves that no job begins when the group is stopping, and that those under way are not
// disturbed by it.
func TestNothingMore(t *testing.T) {
	bubble(t, func(t *testing.T, g *Group) {
		var finished atomic.Int64
		g.Start(lasting(10*time.Second, &finished))
		go g.Stop(time.Minute)
		synctest.Wait()
		assert.ErrorIs(t, g.Start(lasting(time.Second, &finished)), ErrStopped, "a job begins when the group is stopping, and Stop may never end")
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, int64(1), finished.Load(), "jobs that have been done: the one that had begun, and not the one that was refused")
	})
}

// TestContextEnds proves that a job's context is done when the job is: it would keep its memory otherwise.
func TestContextEnds(t *testing.T) {
	bubble(t, func(t *testing.T, g *Group) {
		var ctx context.Context
		g.Start(func(c context.Context) { ctx = c })
		synctest.Wait()
		if assert.NotNil(t, ctx, "the job has not begun") {
			assert.Error(t, ctx.Err(), "a job is done, and its context is not")
		}
		assert.NoError(t, g.Stop(0), "nothing is under way")
	})
}

// TestStartWhileStopping proves, with many at once, that each job that begins is waited for.
func TestStartWhileStopping(t *testing.T) {
	for range 200 {
		var g Group
		var begun, ended atomic.Int64
		var starters sync.WaitGroup
		for range 8 {
			starters.Go(func() {
				for range 10 {
					if g.Start(func(context.Context) { begun.Add(1); ended.Add(1) }) != nil {
						return
					}
				}
			})
		}
		g.Stop(time.Minute)
		assert.Equal(t, begun.Load(), ended.Load(), "jobs that have begun, and those that had come to their end when Stop returned")
		at := ended.Load()
		starters.Wait()
		assert.Equal(t, at, ended.Load(), "jobs that have been done when Stop returned, and later: one was not waited for")
	}
}
