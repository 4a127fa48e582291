package engine

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/proc"
)

// A Server is the server that is examined.
type Server struct {
	Profile
	Options Options
	addr    string

	RoundTrip time.Duration // from a connection to the greeting, the slowest of a few
	Patience  time.Duration // how long it may take to send the next bytes
	Greeting  string        // what it sends before a request, right or wrong
	closes    bool          // it closed, before the first case, soon after a half-close
	answers   bool          // it echoed then

	departed atomic.Pointer[departure] // the last

	measured sync.Once
	size     int           // of the prime, an index of primeSizes
	prime    uint64        // whose check takes a while
	check    time.Duration // how long that is, 0 if the server does not check it
}

// Options are what the user asks for.
type Options struct {
	PID     int           // of the server, if its memory is to be watched
	Timeout time.Duration // how long it may take to send the next bytes; 0: by how quick it is
	Short   bool          // let its checks take no longer than necessary

	MaxTaken int // by the server from a client that does not read, in bytes; 0: 64 MiB
}

const (
	dials        = 5 // how often the round trip is measured
	basePatience = 3 * time.Second
)

// Meet connects to the server and measures how quick it is. An error says that there is no
// server, or none that speaks.
func Meet(addr string, p Profile, o Options) (*Server, error) {
	s := &Server{Profile: p, addr: addr, Options: o, Patience: cmp.Or(o.Timeout, basePatience)}
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
		s.Patience += 200 * s.RoundTrip
	}
	s.closes = s.closesSoon()
	s.answers = s.tries(func(p *Client) { p.Ask("^a$") })
	return s, nil
}

// Text says what is known of the server, line by line.
func (s *Server) Text() []string {
	return []string{
		fmt.Sprintf("%s: %v", s.addr, s.Profile),
		fmt.Sprintf("It greets within %s, and may take %s to send the next bytes.",
			human.Duration(s.RoundTrip), human.Duration(s.Patience)),
	}
}

// learnGreeting takes what comes before a request for the greeting.
func (s *Server) learnGreeting() error {
	t := &Test{Server: s}
	p := t.Connect()
	defer t.HangUp()
	if p.Failed() {
		return errors.New(t.Failure().Problem)
	}
	err := p.fill(s.Patience)
	for err == nil && len(s.Greeting) < maxShown {
		s.Greeting += string(p.unread)
		p.unread = nil
		err = p.fill(Moment)
	}
	if s.Greeting != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	p.Send("^a$")
	if p.fill(s.Patience) != nil {
		return fmt.Errorf("the server says nothing for %s; does it serve another client?", human.Duration(s.Patience))
	}
	return nil
}

// measureRoundTrip connects a few times and waits for the first byte.
func (s *Server) measureRoundTrip() error {
	for range dials {
		t := &Test{Server: s}
		begin := time.Now()
		p := t.Connect()
		if p.Failed() {
			return errors.New(t.death(nil, t.Failure()).Problem)
		}
		if s.Greeting == "" {
			p.Send("^a$")
		}
		p.fill(s.Patience)
		s.RoundTrip = max(s.RoundTrip, time.Since(begin))
		t.HangUp()
	}
	return nil
}

// closesSoon reports whether the server closes after a half-close, and not so late that each
// case would take long because of it.
func (s *Server) closesSoon() bool {
	closes, soon := true, false
	for i := 0; i < dials && closes && !soon; i++ {
		closes = s.tries(func(c *Client) {
			begin := time.Now()
			c.HalfClose()
			c.Closed()
			soon = time.Since(begin) < Moment
		})
	}
	return closes && soon
}

// tries reports whether the server does what it should with a client.
func (s *Server) tries(do func(p *Client)) bool {
	t := &Test{Server: s}
	defer t.HangUp()
	do(t.Client())
	return t.Failure() == nil
}

// aliveTest is the name of the test after each case.
const aliveTest = "the next client"

// alive returns a failure if the server does not greet any more, or does not answer though
// it did before the first case.
func (s *Server) alive() *Failure {
	t := &Test{Server: s, name: aliveTest}
	defer t.HangUp()
	p := t.Client()
	if s.answers {
		p.Ask("^alive?$")
		p.HalfClose()
	}
	if s.answers && s.closes && !p.Failed() {
		p.fill(s.wait()) // until it is ready for the next one
	}
	return t.Failure()
}
