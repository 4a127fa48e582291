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

// A Pool is a fixed number of workers.
type Pool struct {
	jobs    chan *job // unbuffered: who waits to send waits in order, and can give up
	workers sync.WaitGroup
	extra   int // what the pool has added to GOMAXPROCS
}

// job is one call of Do.
type job struct {
	work     func()
	done     chan struct{}
	panicked error
}

// NewPool starts n workers. With threads, each has an operating system thread of its own
// with the lowest priority, and GOMAXPROCS grows by n, so that the workers take nothing
// from the other goroutines but CPU time that these leave. Without, the workers are
// ordinary goroutines.
func NewPool(n int, threads bool) *Pool {
	p := &Pool{jobs: make(chan *job)}
	if threads {
		p.extra = n
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + n)
	}
	for range n {
		p.workers.Go(func() {
			if threads {
				runtime.LockOSThread() // never unlocked: the thread ends with the worker
				lowerPriority()
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

// Close ends the workers when they have finished what they are at. There must be no
// call of Do after it.
func (p *Pool) Close() {
	close(p.jobs)
	p.workers.Wait()
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) - p.extra)
}
