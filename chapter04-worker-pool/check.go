package main

import "context"

// IsPrimeContext is IsPrime for a server that may be told to stop: if ctx is done before
// the division begins, it returns ctx's error.
func IsPrimeContext(ctx context.Context, n uint64) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return IsPrime(n), nil
}
