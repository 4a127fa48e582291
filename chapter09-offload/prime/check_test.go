package prime

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIsPrimeContext proves that a check which may be abandoned says the same as one that may not.
func TestIsPrimeContext(t *testing.T) {
	numbers := []uint64{
		4398050705407,           // a prime whose root is past the first stride
		2097169 * 2097169,       // the square of a prime past the first stride
		3 * 1537228672809129301, // a large number with a small factor
	}
	for n := range uint64(1000) {
		numbers = append(numbers, n)
	}
	for _, n := range numbers {
		got, err := IsPrimeContext(t.Context(), n)
		require.NoError(t, err)
		assert.Equal(t, IsPrime(n), got, n)
	}
}

// TestTry proves that Try is right wherever it knows, and that it knows what a few
// divisions tell: small numbers, and those with a small factor.
func TestTry(t *testing.T) {
	known := func(n uint64) {
		isPrime, ok := Try(n)
		require.True(t, ok, "%d waits for a worker, though a few divisions would tell", n)
		require.Equal(t, IsPrime(n), isPrime, "the client is told the wrong thing about %d", n)
	}
	for n := range uint64(1 << 20) {
		if isPrime, ok := Try(n); !ok || isPrime != IsPrime(n) {
			known(n)
		}
	}
	known(math.MaxUint64)     // it has the factor 3
	known(math.MaxUint64 - 1) // it is even
	known(1021 * 18066847741640597)
	for _, n := range []uint64{1031 * 1031, 2305843009213693951, 18446744073709551557} {
		_, ok := Try(n)
		assert.False(t, ok, "%d takes more than a few divisions, and everybody else's echo waits meanwhile", n)
	}
}

// impatient is a context that is done after some looks at it.
type impatient struct {
	context.Context
	looks int
}

func (c *impatient) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

func (c *impatient) Done() <-chan struct{} {
	done := make(chan struct{})
	if c.Err() != nil {
		close(done)
	}
	return done
}

// long is a prime whose check takes 25 million divisions.
const long = 2500000000000043

// TestAbandonedInTheMiddle proves that a check looks at its context while it divides.
func TestAbandonedInTheMiddle(t *testing.T) {
	_, err := IsPrimeContext(&impatient{t.Context(), 5}, long)
	assert.ErrorIs(t, err, context.Canceled, "the check does not look at its context while it divides")
}

// TestLooksOften proves that a check of 25 million divisions, some 80 ms, looks at its context every few
// milliseconds, and not at each division, where the looks would cost more than they save.
func TestLooksOften(t *testing.T) {
	const patience = 1 << 40
	ctx := &impatient{t.Context(), patience}
	isPrime, err := IsPrimeContext(ctx, long)
	assert.NoError(t, err)
	assert.True(t, isPrime, "2500000000000043 is prime, and the check says it is not")
	looks := patience - ctx.looks
	assert.GreaterOrEqual(t, looks, 8, "looks at the context in 25 million divisions: a client that has gone is worked for too long")
	assert.LessOrEqual(t, looks, 2500, "looks at the context in 25 million divisions: they cost more than they save")
}

// TestCheckAbandoned proves that no check begins for a client that has gone.
func TestCheckAbandoned(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := IsPrimeContext(ctx, long)
	assert.ErrorIs(t, err, context.Canceled, "the client had gone before its check began: nobody wants the answer any more")
}
