package prime

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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

// TestAbandonedInTheMiddle proves that a check looks at its context while it divides.
func TestAbandonedInTheMiddle(t *testing.T) {
	_, err := IsPrimeContext(&impatient{t.Context(), 5}, 2305843009213693951)
	assert.ErrorIs(t, err, context.Canceled, "the check does not look at its context while it divides")
}

func TestCheckAbandoned(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := IsPrimeContext(ctx, 2305843009213693951)
	assert.ErrorIs(t, err, context.Canceled, "nobody wants the answer any more")
}
