//go:build unix

package main

import (
	"fmt"
	"maps"
	"slices"
)

// Want is what a socket waits for.
type Want int

const (
	WantNothing Want = iota // and is not named, even if it fails
	WantRead                // bytes to read, or a client to accept
	WantWrite               // room to write
)

// A Poller finds out which of many descriptors are ready. It is level-triggered: Wait
// names a descriptor again and again until it is no longer ready.
type Poller interface {
	// Watch starts watching fd, or changes what it is watched for.
	Watch(fd int, want Want) error
	// Forget stops watching fd, if it is watched. It must come before fd is closed.
	Forget(fd int) error
	// Wait blocks until a descriptor may be ready, or has failed, and appends all
	// such descriptors to ready. It may append none.
	Wait(ready []int) ([]int, error)
	// Close frees what the poller holds, but no descriptor that it watches.
	Close() error
}

// The pollers of this system. epoll_linux.go or kqueue_bsd.go adds one.
var (
	defaultPoller = "poll"
	pollers       = map[string]func() (Poller, error){
		"spin": newSpin,
		"poll": newPoll,
	}
)

// NewPoller returns the poller of that name.
func NewPoller(name string) (Poller, error) {
	open, ok := pollers[name]
	if !ok {
		return nil, fmt.Errorf("no poller %q among %v", name, pollerNames())
	}
	return open()
}

// pollerNames lists the pollers of this system.
func pollerNames() []string {
	return slices.Sorted(maps.Keys(pollers))
}
