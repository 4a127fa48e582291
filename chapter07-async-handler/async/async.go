//go:build unix

// Package async runs many straight-line functions in one goroutine. Each has a socket,
// and is suspended until the socket is ready.
package async

import (
	"context"
	"iter"
	"log"
	"runtime/debug"

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"golang.org/x/sys/unix"
)

// A Loop resumes its tasks in the goroutine that calls Run. Two tasks never run at
// once, so a task that blocks or computes holds up all others.
type Loop struct {
	poller poller.Poller
	alarm  *poller.Alarm
	tasks  map[int]*task // by descriptor
}

// task is a function that has been started and has not returned.
type task struct {
	fd   int
	want poller.Want                // what it is suspended for
	next func() (poller.Want, bool) // resumes it until it wants something, or returns
	stop func()                     // makes it return: from now on its socket fails
}

// NewLoop returns a loop without tasks.
func NewLoop(p poller.Poller) (*Loop, error) {
	alarm, err := poller.NewAlarm()
	if err != nil {
		return nil, err
	}
	return &Loop{poller: p, alarm: alarm, tasks: make(map[int]*task)}, nil
}

// Go starts a task: it calls body, returns when body is suspended for the first time,
// and closes fd when body has returned. A panic in body ends this task alone.
func (l *Loop) Go(fd int, body func(*Socket)) {
	next, stop := iter.Pull(func(yield func(poller.Want) bool) {
		defer func() {
			if p := recover(); p != nil {
				log.Printf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		body(&Socket{fd: fd, loop: l, suspend: yield})
	})
	l.tasks[fd] = &task{fd: fd, next: next, stop: stop}
	l.resume(l.tasks[fd])
}

// resume runs a task until it wants something that it does not have.
func (l *Loop) resume(t *task) {
	want, suspended := t.next()
	if !suspended {
		l.end(t)
		return
	}
	if want == t.want {
		return
	}
	t.want = want
	if err := l.poller.Watch(t.fd, want); err != nil {
		log.Print(err)
		l.end(t)
	}
}

// end ends a task. Its descriptor is forgotten first: from the moment it is closed,
// the kernel may give its number to the next client.
func (l *Loop) end(t *task) {
	t.stop()
	delete(l.tasks, t.fd)
	l.poller.Forget(t.fd)
	unix.Close(t.fd)
}

// Run resumes each task whose socket is ready, until ctx is done.
func (l *Loop) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, l.alarm.Ring)
	defer stop()
	if err := l.poller.Watch(l.alarm.FD, poller.WantRead); err != nil {
		return err
	}
	var ready []int
	for ctx.Err() == nil {
		var err error
		if ready, err = l.poller.Wait(ready[:0]); err != nil {
			return err
		}
		for _, fd := range ready {
			if fd == l.alarm.FD {
				l.wake()
			} else if t, ok := l.tasks[fd]; ok { // not ended earlier in this round
				l.resume(t)
			}
		}
	}
	return nil
}

// wake resumes the tasks that sleep. They know how long they have to.
func (l *Loop) wake() {
	if !l.alarm.Rung() {
		return
	}
	for _, t := range l.tasks {
		if t.want == poller.WantNothing {
			l.resume(t)
		}
	}
}

// Close ends the tasks, and frees what the loop holds but its poller.
func (l *Loop) Close() {
	for _, t := range l.tasks {
		l.end(t)
	}
	l.alarm.Close()
}
