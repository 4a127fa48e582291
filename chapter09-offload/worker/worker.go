// Package worker does work that needs nothing but the CPU, on a few threads that give
// way to everything else.
package worker

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// Options say what the workers of a pool are like.
type Options struct {
	Workers int
	Threads bool // each worker has an operating system thread of its own
	Nice    int  // the nice value of these threads: 0 is like all others, 19 the lowest priority
}

// A Pool is a fixed number of workers.
type Pool struct {
	Options
	jobs    chan *job // unbuffered: callers wait in order, and can give up
	workers sync.WaitGroup
}

// job is one call of Do.
type job struct {
	work     func()
	done     chan struct{}
	panicked error
}

// NewPool starts the workers. If they have threads, GOMAXPROCS grows by their number, so
// that they take nothing from the other goroutines but CPU time. Without, they are
// ordinary goroutines.
func NewPool(o Options) *Pool {
	p := &Pool{Options: o, jobs: make(chan *job)}
	if p.Threads {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + p.Workers)
	}
	for range p.Workers {
		p.workers.Go(func() {
			if p.Threads {
				runtime.LockOSThread() // never unlocked: the thread ends with the worker
				setNice(p.Nice)
			}
			for j := range p.jobs {
				j.run()
			}
		})
	}
	return p
}

// Do waits for a free worker, lets it do the work, and waits until it is done. It
// returns ctx's error if ctx is done before a worker is free. The work itself has to
// look at ctx, if it is to be abandoned. If it panics, Do does.
func (p *Pool) Do(ctx context.Context, work func()) error {
	j := &job{work: work, done: make(chan struct{})}
	select {
	case p.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-j.done
	if j.panicked != nil {
		panic(j.panicked)
	}
	return nil
}

func (j *job) run() {
	defer close(j.done)
	defer func() {
		if p := recover(); p != nil {
			j.panicked = fmt.Errorf("%v\n%s", p, debug.Stack())
		}
	}()
	j.work()
}

// Close ends the workers when they have finished what they are doing, and takes back what
// they had added to GOMAXPROCS. There must be no call of Do after it.
func (p *Pool) Close() {
	close(p.jobs)
	p.workers.Wait()
	if p.Threads {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) - p.Workers)
	}
}
