package main

import (
	"context"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestIsPrime proves the check for all small numbers, and for large ones that are known.
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

// TestCheckStops proves that a server which is told to stop begins no check.
func TestCheckStops(t *testing.T) {
	const prime = 1_000_003
	isPrime, err := IsPrimeContext(t.Context(), prime)
	assert.NoError(t, err)
	assert.True(t, isPrime, "1000003 is prime, and the check says it is not")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = IsPrimeContext(ctx, prime)
	assert.Equal(t, context.Canceled, err, "the server was told to stop, and still begins a check, which may take seconds")
}
