//go:build unix

package main

import (
	"slices"
	"time"
)

// spinPause is how long spin sleeps between two rounds.
const spinPause = time.Millisecond

// spin knows nothing of readiness: it names every descriptor, again and again, and
// the caller finds out by trying.
type spin struct {
	fds []int
}

func newSpin() (Poller, error) { return &spin{}, nil }

func (s *spin) Watch(fd int, want Want) error {
	if want == WantNothing {
		return s.Forget(fd)
	}
	if !slices.Contains(s.fds, fd) {
		s.fds = append(s.fds, fd)
	}
	return nil
}

func (s *spin) Forget(fd int) error {
	s.fds = slices.DeleteFunc(s.fds, func(other int) bool { return other == fd })
	return nil
}

func (s *spin) Wait(ready []int) ([]int, error) {
	time.Sleep(spinPause)
	return append(ready, s.fds...), nil
}

func (s *spin) Close() error { return nil }
