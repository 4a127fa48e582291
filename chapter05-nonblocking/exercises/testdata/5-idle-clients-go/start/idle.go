//go:build unix

package main

import "time"

// now tells the time. The tests have a clock of their own.
var now = time.Now

// idle knows for how long each client has been silent.
type idle struct {
	limit time.Duration // how long a client may be silent; 0 for ever
}

// spoke begins to count for a client, or begins anew.
func (i *idle) spoke(fd int, at time.Time) {}

// gone stops counting for a client.
func (i *idle) gone(fd int) {}

// next returns when the first client will have been silent for too long, if there is one.
func (i *idle) next() (at time.Time, ok bool) { return at, false }

// silent returns a client that has been silent for too long, if there is one, and stops counting for it:
// the one first that has been silent the longest.
func (i *idle) silent(at time.Time) (fd int, ok bool) { return -1, false }
