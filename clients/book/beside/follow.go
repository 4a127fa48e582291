package beside

import (
	"context"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
)

// A follower follows the copy of one exercise as long as pages look at it.
type follower struct {
	h      *Handler
	e      hole.Exercise
	check  func(context.Context, hole.Exercise, string, func(desk.Result)) (desk.Result, error)
	linger time.Duration

	following sync.Mutex // held by the one goroutine that follows

	mu      sync.Mutex
	pages   int
	end     context.CancelFunc // of the goroutine
	changed chan struct{}      // closed and replaced with each change
	known   known
}

// known is what a follower knows of the copy.
type known struct {
	dir    string
	views  []hole.View
	stamp  string // of the code that has been checked, or needs no check
	result *desk.Result
	err    error // why nobody knows
}

// join begins to follow the copy, if nobody does yet. The caller looks on until it calls leave.
func (f *follower) join() (leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages++
	if f.end == nil {
		ctx, end := context.WithCancel(f.h.ctx)
		f.end = end
		f.h.begin(func() { f.follow(ctx) })
	}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.pages--
		time.AfterFunc(f.linger, f.endIfAlone)
	}
}

func (f *follower) endIfAlone() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pages == 0 && f.end != nil {
		f.end()
		f.end = nil
	}
}

// follow checks the copy, and again at each save, until ctx is done.
func (f *follower) follow(ctx context.Context) {
	f.following.Lock() // one that has been ended may still wait for its processes to end
	defer f.following.Unlock()
	last := ""
	find := func() string {
		if dir, _, err := f.place(); err == nil {
			last = dir
		}
		return last
	}
	desk.Watch(ctx, find, f.round)
}

// round checks what is in the copy. What is known already isn't checked again, nor is the copy of an
// exercise that has been solved before, as long as it stays as it is.
func (f *follower) round(ctx context.Context, dir, stamp string) error {
	if stamp == "" {
		views, err := f.e.FirstViews()
		f.set(func(k *known) { *k = known{dir: dir, views: views, stamp: unchecked, err: err} })
		return nil
	}
	views, err := f.e.Views(dir)
	_, p, bad := f.place()
	isKnown := false
	f.set(func(k *known) {
		if k.stamp == "" && bad == nil && p.Solved[f.e.ID] {
			k.stamp = stamp
		}
		isKnown = k.stamp == stamp && k.err == nil
		k.dir, k.views, k.err = dir, views, err
	})
	if isKnown || err != nil || f.e.Chapter.Unavailable() != "" {
		return nil
	}
	result, err := f.check(ctx, f.e, dir, func(r desk.Result) { f.set(func(k *known) { k.result = &r }) })
	if ctx.Err() != nil {
		f.set(func(k *known) { k.stamp = unchecked })
		return nil
	}
	f.set(func(k *known) { k.stamp, k.result, k.err = stamp, &result, err })
	return nil
}

// unchecked is the stamp of no code.
const unchecked = "unchecked"

// set changes what is known, and tells the pages.
func (f *follower) set(change func(*known)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.known)
	close(f.changed)
	f.changed = make(chan struct{})
}

// look returns what is known, and a channel that is closed when that changes.
func (f *follower) look() (known, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known, f.changed
}
