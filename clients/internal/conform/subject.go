package conform

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/proc"
)

// A Subject is the server that is examined.
type Subject struct {
	Profile
	RoundTrip time.Duration // from a connection to the greeting, the slowest of a few
	Long      uint64        // a prime whose check takes a while
	LongTime  time.Duration // how long that is, 0 if it is not known

	addr     string
	greeting string        // what it sends before a request, right or wrong
	closes   bool          // it closed, before the first case, after a half-close
	answers  bool          // it echoed then
	patience time.Duration // how long it may take to send the next bytes
	options  Options
}

// Options are what the user knows better.
type Options struct {
	PID     int           // of the server, if its memory is to be watched
	Timeout time.Duration // how long it may take to send the next bytes; 0: by how quick it is

	longEnough time.Duration // for a computation; 0: longEnough
}

const (
	tries        = 5 // how often the round trip is measured
	basePatience = 3 * time.Second
	longEnough   = 250 * time.Millisecond // for a computation, to see what happens beside it
	tooShort     = 30 * time.Millisecond  // for the same
	tooLong      = 15 * time.Second       // for a number that is only one of many
)

// String says what is known of the server.
func (s *Subject) String() string {
	text := fmt.Sprintf("%s: %v. It greets within %s", s.addr, s.Profile, human.Duration(s.RoundTrip))
	if s.LongTime > 0 {
		text += fmt.Sprintf(", computes %s for %d", human.Duration(s.LongTime), s.Long)
	}
	return text + fmt.Sprintf(", and may take %s to send the next bytes.", human.Duration(s.patience))
}

// Meet connects to the server and measures how quick it is. An error says that there is no
// server, or none that speaks.
func Meet(addr string, p Profile, o Options) (*Subject, error) {
	o.longEnough = cmp.Or(o.longEnough, longEnough)
	s := &Subject{Profile: p, addr: addr, options: o, Long: primeBelow(54)}
	s.patience = cmp.Or(o.Timeout, basePatience)
	if _, err := proc.Resident(o.PID); o.PID != 0 && err != nil {
		return nil, err
	}
	if err := s.learnGreeting(); err != nil {
		return nil, err
	}
	if err := s.measureRoundTrip(); err != nil {
		return nil, err
	}
	s.measureCheck()
	if o.Timeout == 0 {
		s.patience = basePatience + 200*s.RoundTrip + 3*s.LongTime
	}
	s.closes = s.tries(func(p *peer) { p.halfClose(); p.closed() })
	s.answers = s.tries(func(p *peer) { p.ask("^a$") })
	return s, nil
}

// tries reports whether the server does what it should with a client.
func (s *Subject) tries(do func(p *peer)) bool {
	x := &exam{Subject: s}
	defer x.hangUp()
	do(x.client())
	return x.failure() == nil
}

// learnGreeting takes what comes before a request for the greeting.
func (s *Subject) learnGreeting() error {
	x := &exam{Subject: s}
	p := x.connect()
	defer x.hangUp()
	if p.failed() {
		return errors.New(p.failure.Problem)
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
		return fmt.Errorf("the server says nothing for %v: does it serve another client?", s.patience)
	}
	return nil
}

// measureRoundTrip connects a few times and waits for the first byte.
func (s *Subject) measureRoundTrip() error {
	for range tries {
		x := &exam{Subject: s}
		begin := time.Now()
		p := x.connect()
		if p.failed() {
			return errors.New(p.failure.Problem)
		}
		if s.greeting == "" {
			p.send("^a$")
		}
		p.fill(s.patience)
		s.RoundTrip = max(s.RoundTrip, time.Since(begin))
		x.hangUp()
	}
	return nil
}

// measureCheck looks for a prime whose check takes long enough. A server that does not
// check numbers leaves the time unknown.
func (s *Subject) measureCheck() {
	for _, bits := range []int{32, 40, 44, 46, 48, 50, 52, 54, 56, 58, 60, 61, 62, 63, 64} {
		n := primeBelow(bits)
		d, err := s.timeCheck(n)
		if err != nil {
			return
		}
		s.Long, s.LongTime = n, d
		if d >= s.options.longEnough {
			return
		}
	}
}

// timeCheck returns how long the server takes for a prime.
func (s *Subject) timeCheck(n uint64) (time.Duration, error) {
	x := &exam{Subject: s}
	defer x.hangUp()
	p := x.client()
	begin := time.Now()
	p.ask(fmt.Sprintf("^P%d$", n))
	if p.failed() {
		return 0, errors.New(p.failure.Problem)
	}
	p.finish()
	return p.last.Sub(begin), nil
}

// primeBelow returns the largest prime with so many bits.
func primeBelow(bits int) uint64 {
	n := uint64(1)<<bits - 1 // all ones also for 64
	for !new(big.Int).SetUint64(n).ProbablyPrime(0) {
		n -= 2
	}
	return n
}

// limit returns how long to wait for the next byte of a reply.
func (s *Subject) limit(want reply) time.Duration {
	if s.options.Timeout != 0 || s.LongTime == 0 {
		return s.patience
	}
	return s.patience + 4*s.estimate(want)
}

// estimate returns how long the server may compute for a reply.
func (s *Subject) estimate(want reply) time.Duration {
	return time.Duration(float64(s.LongTime) * want.work() / (math.Sqrt(float64(s.Long)) / 2))
}

// alive returns a failure if the server does not greet any more, or does not answer though
// it did before the first case.
func (s *Subject) alive() *Failure {
	x := &exam{Subject: s}
	defer x.hangUp()
	p := x.client()
	if s.answers {
		p.ask("^alive?$")
		p.halfClose()
	}
	if p.failed() {
		p.failure.Problem = "after this case the server does not serve the next client: " + p.failure.Problem
	} else if s.answers && s.closes {
		p.fill(s.patience) // until it is ready for the next one
	}
	return p.failure
}

// resident returns how many bytes of the server are in memory, if that can be known.
func (s *Subject) resident() (int64, bool) {
	if s.options.PID == 0 {
		return 0, false
	}
	n, err := proc.Resident(s.options.PID)
	return n, err == nil
}
