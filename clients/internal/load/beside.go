package load

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"golang.org/x/sync/errgroup"
)

// longPrime is 2^61-1, which keeps a server busy.
const longPrime = "^P2305843009213693951$"

// A Beside is what echoes see while primes are checked.
type Beside struct {
	Latency
	PrimesTime time.Duration // from the first request to the last reply
}

// BesidePrimes asks for long primes, each on a connection of its own, and then for that many
// echoes a second on another one, until the primes are done.
func BesidePrimes(ctx context.Context, t Target, primes, perSecond int) (Beside, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	begin := time.Now()
	var group errgroup.Group
	for range primes { // one after another: the echoes have to wait for all of them
		c, err := t.askPrime(ctx)
		if err != nil {
			return Beside{}, err
		}
		group.Go(c.readPrime)
	}
	var b Beside
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := group.Wait()
		b.PrimesTime = time.Since(begin)
		if err != nil {
			cancel(err) // there is nothing more that the echoes could wait for
		}
	}()
	latency, err := paced(ctx, t, 1, newSchedule(perSecond), math.MaxInt, done)
	cancel(err) // and if they have failed, nothing for the primes
	<-done
	b.Latency = latency
	if cause := context.Cause(ctx); cause != context.Canceled {
		err = cause // the first of the two
	}
	return b, err
}

// askPrime asks for the long prime. It does not wait for the greeting: the server may
// take the client long after.
func (t Target) askPrime(ctx context.Context) (*Client, error) {
	c, err := t.Dial(ctx)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(c, longPrime)
	return c, err
}

// readPrime checks the reply and hangs up: the server may take the next client then.
func (c *Client) readPrime() error {
	defer c.Close()
	reply := make([]byte, len("*prime\n"))
	if _, err := io.ReadFull(c, reply); err != nil {
		return fmt.Errorf("waiting for a prime: %w", err)
	}
	if string(reply) != "*prime\n" {
		return fmt.Errorf("wrong reply to %q: %q", longPrime, reply)
	}
	return nil
}
