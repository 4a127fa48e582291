package main

// gate is a prime check that waits until the test lets it go. Its answer is prime.
type gate struct {
	entered chan uint64   // receives the number of each check that begins
	release chan struct{} // lets one check go per value, all when closed
}

func newGate() *gate {
	return &gate{entered: make(chan uint64, 1000), release: make(chan struct{})}
}

func (g *gate) check(n uint64) bool {
	g.entered <- n
	<-g.release
	return true
}
