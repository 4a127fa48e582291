package worker

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// each runs a test with ordinary goroutines and with threads, in a bubble in which the
// test can wait until nothing moves any more.
func each(t *testing.T, workers int, test func(t *testing.T, p *Pool)) {
	for name, threads := range map[string]bool{"goroutines": false, "threads": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := NewPool(Options{Workers: workers, Threads: threads})
				test(t, p)
				p.Close()
			})
		})
	}
}

// TestOrder proves that jobs are done one after the other, in the order of the calls.
func TestOrder(t *testing.T) {
	each(t, 1, func(t *testing.T, p *Pool) {
		release := make(chan struct{})
		var order []int
		var calls sync.WaitGroup
		for i := range 10 {
			calls.Go(func() {
				assert.NoError(t, p.Do(t.Context(), func() {
					<-release
					order = append(order, i)
				}))
			})
			synctest.Wait()
		}
		close(release)
		calls.Wait()
		assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, order, "the order in which one worker has done the jobs, which were given to it from 0 to 9")
	})
}

// TestLimit proves that as many jobs are done at once as there are workers.
func TestLimit(t *testing.T) {
	each(t, 3, func(t *testing.T, p *Pool) {
		var mu sync.Mutex
		var calls sync.WaitGroup
		begun, release := 0, make(chan struct{})
		for range 5 {
			calls.Go(func() {
				assert.NoError(t, p.Do(t.Context(), func() {
					mu.Lock()
					begun++
					mu.Unlock()
					<-release
				}))
			})
		}
		synctest.Wait()
		assert.Equal(t, 3, begun, "jobs that have begun, of five, with three workers")
		release <- struct{}{}
		synctest.Wait()
		assert.Equal(t, 4, begun, "jobs that have begun when one is done, with three workers")
		close(release)
		calls.Wait()
		assert.Equal(t, 5, begun, "jobs that have been done, of five")
	})
}

// TestGiveUp proves that a caller which waits for a worker can give up, and costs
// nobody else a place.
func TestGiveUp(t *testing.T) {
	each(t, 1, func(t *testing.T, p *Pool) {
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		var calls sync.WaitGroup
		calls.Go(func() {
			assert.NoError(t, p.Do(ctx, func() { <-release }), "a worker had begun a job when its caller's context ended: Do has to wait for it, because the work looks at the context itself")
		})
		synctest.Wait()
		calls.Go(func() {
			err := p.Do(ctx, func() {
				t.Error("a caller gave up while it waited for a worker, and its job is done, though nobody waits for it")
			})
			assert.ErrorIs(t, err, context.Canceled, "a caller gave up while it waited for a worker, and Do does not say so")
		})
		synctest.Wait()
		last := false
		calls.Go(func() { assert.NoError(t, p.Do(t.Context(), func() { last = true })) })
		cancel()
		synctest.Wait()
		close(release)
		calls.Wait()
		assert.True(t, last, "a caller behind the one that gave up has lost its place in the queue")
	})
}

// TestDoWaitsForItsWork proves that Do does not return while a worker is at its work, though its
// context is done: the caller's data is still in use.
func TestDoWaitsForItsWork(t *testing.T) {
	each(t, 1, func(t *testing.T, p *Pool) {
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		returned := false
		var calls sync.WaitGroup
		calls.Go(func() {
			assert.NoError(t, p.Do(ctx, func() { <-release }), "a worker had begun a job when its caller's context ended: Do has to wait for it, because the work looks at the context itself")
			returned = true
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		assert.False(t, returned, "Do has returned, and a worker is still at its work")
		close(release)
		calls.Wait()
	})
}

// TestPanic proves that a panic reaches the caller, and that the worker goes on.
func TestPanic(t *testing.T) {
	each(t, 1, func(t *testing.T, p *Pool) {
		assert.Panics(t, func() { p.Do(t.Context(), func() { panic("bad luck") }) })
		assert.NoError(t, p.Do(t.Context(), func() {}), "the worker should go on after a panic")
	})
}

// TestClose proves that Close waits for the job that has begun.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPool(Options{Workers: 1, Threads: true})
		release, closed := make(chan struct{}), make(chan struct{})
		go p.Do(t.Context(), func() { <-release })
		synctest.Wait()
		go func() {
			p.Close()
			close(closed)
		}()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("closed while a job is done")
		default:
		}
		close(release)
		<-closed
	})
}

// TestProcs proves that threads come with processors of their own, and take these with them:
// not those of another pool, nor what $GOMAXPROCS or the program has set.
func TestProcs(t *testing.T) {
	before := runtime.GOMAXPROCS(5)
	defer runtime.GOMAXPROCS(before)
	p, other := NewPool(Options{Workers: 3, Threads: true}), NewPool(Options{Workers: 1, Threads: true})
	assert.Equal(t, 9, runtime.GOMAXPROCS(0), "processors, when two pools with three threads and one come to five")
	p.Close()
	assert.Equal(t, 6, runtime.GOMAXPROCS(0), "processors, when the pool with three threads has gone")
	other.Close()
	assert.Equal(t, 5, runtime.GOMAXPROCS(0), "processors, when both pools have gone")
}
