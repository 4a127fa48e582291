// Package lab lets a reader watch the servers serve. It builds them, starts them, and speaks
// to them over real sockets; what its clients and the kernel see, it tells as events and
// samples, which a page draws.
package lab

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/recording"
)

// Bounds of a session that nobody ends.
const (
	unwatched = 30 * time.Second // without a page that looks
	unused    = 10 * time.Minute // without an action
	longest   = time.Hour
)

// A Lab has one session at a time.
type Lab struct {
	list      []chapters.Chapter
	unwatched time.Duration

	mu       sync.Mutex
	number   int
	current  *session
	changed  chan struct{} // closed and replaced with each session
	watchers int
	alone    time.Time // since when nobody watches
	closed   bool
}

// New returns a lab for these chapters.
func New(list []chapters.Chapter) *Lab {
	sweep()
	return &Lab{list: list, unwatched: unwatched, changed: make(chan struct{})}
}

// A Choice says what a session is to be.
type Choice struct {
	Chapters []int  `json:"chapters"` // one, or two to compare
	Traced   bool   `json:"traced"`   // with a tracer in each server, for an experiment that shows what is inside
	Instead  int    `json:"instead"`  // of this session, if it still is the one that there is
	For      string `json:"for"`      // the experiment that they are started for, if they can't be as they always are
}

// Start ends the session that there is, begins one, and returns its number.
func (l *Lab) Start(c Choice) (int, error) {
	if why := recording.Unavailable(); c.Traced && why != "" {
		return 0, errors.New("a look inside is " + why)
	}
	var list []chapters.Chapter
	for _, n := range c.Chapters {
		i := slices.IndexFunc(l.list, func(c chapters.Chapter) bool { return c.Number == n })
		if i < 0 {
			return 0, fmt.Errorf("there is no chapter %d", n)
		}
		list = append(list, l.list[i])
	}
	if len(list) < 1 || len(list) > 2 {
		return 0, errors.New("a lab has one chapter, or two to compare")
	}
	var e Experiment
	if c.For != "" {
		var err error
		if e, err = find(c.For); err != nil {
			return 0, err
		} else if c.Traced && e.NoLook {
			return 0, fmt.Errorf("experiment %s shows nothing of what is inside", c.For)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, errEnded
	}
	old := l.current
	if old != nil && old.number != c.Instead {
		return 0, errTaken
	}
	l.number++
	s := newSession(l.number, list, c.Traced)
	for _, server := range s.servers {
		server.suit(e)
	}
	l.set(s)
	s.work.Go(func() {
		if old != nil {
			old.end(errEnded) // one lab at a time
		}
		s.start()
	})
	go l.attend(s)
	return s.number, nil
}

// errTaken is why a page can't start what it likes: it doesn't know of the session that it would end.
var errTaken = errors.New("somebody else's server runs")

// set makes a session the current one; nil is none. Callers hold the lock.
func (l *Lab) set(s *session) {
	l.current = s
	l.alone = time.Now()
	close(l.changed)
	l.changed = make(chan struct{})
}

// attend ends a session that nobody watches or uses.
func (l *Lab) attend(s *session) {
	tick := time.NewTicker(l.unwatched / 10)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		if l.isForgotten(s) {
			l.stop(s)
			return
		}
	}
}

func (l *Lab) isForgotten(s *session) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	events, _ := s.history.since(0)
	return l.watchers == 0 && time.Since(l.alone) > l.unwatched || s.quiet() > unused ||
		time.Since(s.history.begin) > longest || len(events) == maxEvents
}

// Stop ends the session, if there is one.
func (l *Lab) Stop() { l.stop(l.session()) }

func (l *Lab) stop(s *session) {
	if s == nil {
		return
	}
	s.end(errEnded)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current == s {
		l.set(nil)
	}
}

// Close ends the session, and lets none begin.
func (l *Lab) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.Stop()
}

func (l *Lab) session() *session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}

// Do does what a request asks for in the session.
func (l *Lab) Do(r Request) error {
	if err := r.check(); err != nil {
		return err
	}
	s := l.session()
	if s == nil {
		return errors.New("no server runs: start one")
	}
	s.do(r)
	return nil
}

// join returns the session, and a channel that is closed when there is another one. The
// caller looks at it until it calls leave.
func (l *Lab) join() (s *session, changed <-chan struct{}, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers++
	return l.current, l.changed, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.watchers--
		l.alone = time.Now()
	}
}
