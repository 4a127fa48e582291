package main

import "sync"

// gate is a prime check that waits until the test lets it go. Its answer is prime.
type gate struct {
	entered chan uint64 // receives the number of each check that begins
	release chan struct{}
	open    func() // lets all checks go
}

func newGate() *gate {
	release := make(chan struct{})
	return &gate{
		entered: make(chan uint64, 1000),
		release: release,
		open:    sync.OnceFunc(func() { close(release) }),
	}
}

func (g *gate) check(n uint64) bool {
	g.entered <- n
	<-g.release
	return true
}
