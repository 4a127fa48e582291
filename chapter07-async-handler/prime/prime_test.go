package prime

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsPrime(t *testing.T) {
	for n := range uint64(10_000) {
		assert.Equal(t, new(big.Int).SetUint64(n).ProbablyPrime(0), IsPrime(n), n)
	}
}

// TestLargestPrime checks the largest prime of 64 bits: past its square root, d*d
// overflows.
func TestLargestPrime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	assert.True(t, IsPrime(18446744073709551557))
}
