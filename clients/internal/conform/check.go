package conform

import (
	"errors"
	"math"
	"math/big"
	"time"
)

const (
	cheap   = 1e5              // how many divisions no server needs a noticeable time for
	tooLong = 30 * time.Second // for a number that is only one of many
)

// long returns a prime whose check takes the server a while, and how long that is: 0 if it
// is not known, because the server does not check numbers.
func (s *Subject) long() (uint64, time.Duration) {
	if s.prime == 0 {
		panic("a case that is not marked with LongCheck wants a long check")
	}
	return s.prime, s.check
}

// ladder is how many bits the primes have that are tried.
var ladder = []int{32, 40, 44, 46, 48, 50, 52, 54, 56, 58, 60, 61, 62, 63, 64}

// measure looks for such a prime, from small to large. If the server does not check numbers
// it takes one in the middle.
func (s *Subject) measure() {
	enough := longEnough
	if s.options.Short {
		enough = shortEnough
	}
	s.prime = primeBelow(54)
	for s.rung = range ladder {
		n := primeBelow(ladder[s.rung])
		d, err := s.timeCheck(n)
		if d >= enough && d > 2*s.estimate(reply{{n: n}}) { // something else has taken the time
			d, err = s.quickest(n, d)
		}
		if err != nil {
			break
		}
		s.prime, s.check = n, d
		if d >= enough {
			break
		}
	}
}

// longer takes the next larger prime, and reports whether there is one.
func (s *Subject) longer() bool {
	if s.rung == len(ladder)-1 {
		return false
	}
	s.rung++
	n := primeBelow(ladder[s.rung])
	s.prime, s.check = n, s.estimate(reply{{n: n}})
	return true
}

// quickest measures again and returns the shortest time.
func (s *Subject) quickest(n uint64, d time.Duration) (time.Duration, error) {
	for range 2 {
		again, err := s.timeCheck(n)
		if err != nil {
			return 0, err
		}
		d = min(d, again)
	}
	return d, nil
}

// timeCheck returns how long the server takes for a prime.
func (s *Subject) timeCheck(n uint64) (time.Duration, error) {
	x := &exam{Subject: s}
	defer x.hangUp()
	p := x.client()
	begin := time.Now()
	p.send(number(n))
	end := p.expect(text("prime\n"))
	p.close()
	if p.failed() {
		return 0, errors.New(x.failure().Problem)
	}
	return end.Sub(begin), nil
}

// primeBelow returns the largest prime of that many bits.
func primeBelow(bits int) uint64 {
	n := uint64(1)<<bits - 1 // all ones for 64, too
	for !new(big.Int).SetUint64(n).ProbablyPrime(0) {
		n -= 2
	}
	return n
}

// wait returns how long to wait for the server if it may have long checks to do, and
// nothing else is known.
func (s *Subject) wait() time.Duration {
	if s.options.Timeout != 0 {
		return s.patience
	}
	return s.patience + 3*s.check
}

// limit returns how long to wait for the next byte of a reply.
func (s *Subject) limit(want reply) time.Duration {
	if s.options.Timeout != 0 || want.work() < cheap {
		return s.wait()
	}
	return s.wait() + 4*s.estimate(want)
}

// estimate returns how long the checks of a reply may take the server, after what has been
// measured.
func (s *Subject) estimate(want reply) time.Duration {
	if s.check == 0 {
		return 0
	}
	return time.Duration(float64(s.check) * want.work() / (math.Sqrt(float64(s.prime)) / 2))
}
