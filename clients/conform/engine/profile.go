package engine

import "fmt"

// A Profile is what a server promises beside the protocol, or leaves out of it.
type Profile struct {
	Chapter    int
	AtOnce     int  // how many clients it serves at a time; 0 for all
	OneCheck   bool // it does nothing else while it checks a number
	OneRequest bool // chapter 1: one request for each connection, whole and short
}

// DefaultWorkers is how many clients chapter 4 serves at a time.
const DefaultWorkers = 4

// ForChapter returns the promises of a chapter, or for 0 those of a server that serves all
// at once.
func ForChapter(n, workers int) (Profile, error) {
	p := Profile{Chapter: n}
	switch n {
	case 0, 3, 8, 9:
	case 1:
		p.AtOnce, p.OneRequest = 1, true
	case 2:
		p.AtOnce = 1
	case 4:
		p.AtOnce = workers
	case 5, 6, 7:
		p.OneCheck = true
	default:
		return p, fmt.Errorf("there is no chapter %d", n)
	}
	return p, nil
}

func (p Profile) String() string {
	switch {
	case p.OneRequest:
		return "one client at a time, with one request"
	case p.AtOnce == 1:
		return "one client at a time"
	case p.AtOnce > 1:
		return fmt.Sprintf("%d clients at a time", p.AtOnce)
	case p.OneCheck:
		return "all clients at once, and one check at a time"
	}
	return "all clients at once, even while it checks numbers"
}

// promise is the rule of the cases that the profile decides.
func (p Profile) promise() string {
	if p.Chapter == 0 {
		return fmt.Sprintf("Without -chapter, a server promises %v.", p)
	}
	return fmt.Sprintf("Chapter %d promises %v.", p.Chapter, p)
}
