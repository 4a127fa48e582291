package conform

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/proc"
)

// A Subject is the server that is examined.
type Subject struct {
	Profile
	options Options
	addr    string

	roundTrip time.Duration // from a connection to the greeting, the slowest of a few
	patience  time.Duration // how long it may take to send the next bytes
	greeting  string        // what it sends before a request, right or wrong
	closes    bool          // it closed, before the first case, after a half-close
	answers   bool          // it echoed then

	measured sync.Once
	rung     int           // of the ladder
	prime    uint64        // whose check takes a while
	check    time.Duration // how long that is, 0 if the server does not check it
}

// Options are what the user asks for.
type Options struct {
	PID     int           // of the server, if its memory is to be watched
	Timeout time.Duration // how long it may take to send the next bytes; 0: by how quick it is
	Short   bool          // let its checks take no longer than necessary

	maxTaken int // of a client that does not read, in bytes; 0: maxTaken
}

const (
	dials        = 5 // how often the round trip is measured
	basePatience = 3 * time.Second
)

// Meet connects to the server and measures how quick it is. An error says that there is no
// server, or none that speaks.
func Meet(addr string, p Profile, o Options) (*Subject, error) {
	s := &Subject{Profile: p, addr: addr, options: o, patience: cmp.Or(o.Timeout, basePatience)}
	if _, err := proc.Resident(o.PID); o.PID != 0 && err != nil {
		return nil, err
	}
	if err := s.learnGreeting(); err != nil {
		return nil, err
	}
	if err := s.measureRoundTrip(); err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		s.patience += 200 * s.roundTrip
	}
	s.closes = s.tries(func(p *peer) { p.halfClose(); p.closed() })
	s.answers = s.tries(func(p *peer) { p.ask("^a$") })
	return s, nil
}

// Text says what is known of the server, line by line.
func (s *Subject) Text() []string {
	return []string{
		fmt.Sprintf("%s: %v", s.addr, s.Profile),
		fmt.Sprintf("It greets within %s, and may take %s to send the next bytes.",
			human.Duration(s.roundTrip), human.Duration(s.patience)),
	}
}

// learnGreeting takes what comes before a request for the greeting.
func (s *Subject) learnGreeting() error {
	x := &exam{Subject: s}
	p := x.connect()
	defer x.hangUp()
	if p.failed() {
		return errors.New(x.failure().Problem)
	}
	err := p.fill(s.patience)
	for err == nil && len(s.greeting) < maxShown {
		s.greeting += string(p.unread)
		p.unread = nil
		err = p.fill(more)
	}
	if s.greeting != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	p.send("^a$")
	if p.fill(s.patience) != nil {
		return fmt.Errorf("the server says nothing for %s; does it serve another client?", human.Duration(s.patience))
	}
	return nil
}

// measureRoundTrip connects a few times and waits for the first byte.
func (s *Subject) measureRoundTrip() error {
	for range dials {
		x := &exam{Subject: s}
		begin := time.Now()
		p := x.connect()
		if p.failed() {
			return errors.New(x.failure().Problem)
		}
		if s.greeting == "" {
			p.send("^a$")
		}
		p.fill(s.patience)
		s.roundTrip = max(s.roundTrip, time.Since(begin))
		x.hangUp()
	}
	return nil
}

// tries reports whether the server does what it should with a client.
func (s *Subject) tries(do func(p *peer)) bool {
	x := &exam{Subject: s}
	defer x.hangUp()
	do(x.client())
	return x.failure() == nil
}

// alive returns a failure if the server does not greet any more, or does not answer though
// it did before the first case.
func (s *Subject) alive() *Failure {
	x := &exam{Subject: s}
	defer x.hangUp()
	x.meanwhile("after this case the server does not serve the next client: ")
	p := x.client()
	if s.answers {
		p.ask("^alive?$")
		p.halfClose()
	}
	if s.answers && s.closes && !p.failed() {
		p.fill(s.wait()) // until it is ready for the next one
	}
	return x.failure()
}

// resident returns how many bytes of the server are in memory, if that can be known.
func (s *Subject) resident() (int64, bool) {
	if s.options.PID == 0 {
		return 0, false
	}
	n, err := proc.Resident(s.options.PID)
	return n, err == nil
}
