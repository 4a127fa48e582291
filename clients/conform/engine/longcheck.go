package engine

import (
	"errors"
	"math"
	"math/big"
	"time"
)

const (
	cheap = 1e5 // how many divisions no server needs a noticeable time for

	longEnough  = 250 * time.Millisecond // for a check, to see what happens beside it
	shortEnough = 100 * time.Millisecond // the same with Options.Short
)

// LongPrime returns a prime whose check takes the server a while, and how long that is: 0 if it
// is not known, because the server does not check numbers.
func (s *Server) LongPrime() (uint64, time.Duration) {
	if s.prime == 0 {
		panic("a case that is not marked with LongCheck wants a long check")
	}
	return s.prime, s.check
}

// primeSizes is how many bits the primes have that are tried.
var primeSizes = []int{32, 40, 44, 46, 48, 50, 52, 54, 56, 58, 60, 61, 62, 63, 64}

// Measure looks for such a prime, from small to large. If the server does not check numbers
// it takes one in the middle.
func (s *Server) Measure() { s.measured.Do(s.measure) }

func (s *Server) measure() {
	enough := longEnough
	if s.Options.Short {
		enough = shortEnough
	}
	s.prime = largePrime(54)
	for s.size = range primeSizes {
		n := largePrime(primeSizes[s.size])
		d, err := s.timeCheck(n)
		if d >= enough && d > 2*s.Estimate(Reply{{n: n}}) { // something else has taken the time
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

// LongerPrime takes the next larger prime, and reports whether there is one.
func (s *Server) LongerPrime() bool {
	if s.size == len(primeSizes)-1 {
		return false
	}
	s.size++
	n := largePrime(primeSizes[s.size])
	s.prime, s.check = n, s.Estimate(Reply{{n: n}})
	return true
}

// quickest measures again and returns the shortest time.
func (s *Server) quickest(n uint64, d time.Duration) (time.Duration, error) {
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
func (s *Server) timeCheck(n uint64) (time.Duration, error) {
	t := &Test{Server: s}
	defer t.HangUp()
	c := t.Client()
	begin := time.Now()
	c.Send(Number(n))
	end := c.Expect(Text("prime\n"))
	c.Close()
	if c.Failed() {
		return 0, errors.New(t.Failure().Problem)
	}
	return end.Sub(begin), nil
}

// largePrime returns the largest prime of that many bits.
func largePrime(bits int) uint64 {
	return PrimeBelow(uint64(1)<<bits - 1) // all ones for 64, too
}

// PrimeBelow returns the largest prime up to n.
func PrimeBelow(n uint64) uint64 {
	for !new(big.Int).SetUint64(n).ProbablyPrime(0) {
		n--
	}
	return n
}

// wait returns how long to wait for the server if it may have long checks to do, and
// nothing else is known.
func (s *Server) wait() time.Duration {
	if s.Options.Timeout != 0 {
		return s.Patience
	}
	return s.Patience + 3*s.check
}

// limit returns how long to wait for the next byte of a reply.
func (s *Server) limit(want Reply) time.Duration {
	if s.Options.Timeout != 0 || want.work() < cheap {
		return s.wait()
	}
	return s.wait() + 4*s.Estimate(want)
}

// Estimate returns how long the checks of a reply may take the server, after what has been
// measured.
func (s *Server) Estimate(want Reply) time.Duration {
	if s.check == 0 {
		return 0
	}
	return time.Duration(float64(s.check) * want.work() / (math.Sqrt(float64(s.prime)) / 2))
}
