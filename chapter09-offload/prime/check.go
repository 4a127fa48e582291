package prime

import "context"

// stride is how many divisors IsPrimeContext tries between two looks at its context: work for
// a few milliseconds.
const stride = 1 << 20

// IsPrimeContext is IsPrime for work that can be abandoned: if ctx is done before it knows,
// it returns ctx's error.
func IsPrimeContext(ctx context.Context, n uint64) (bool, error) {
	if n < 3 || n%2 == 0 {
		return n == 2, nil
	}
	for d := uint64(3); d <= n/d; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		for end := d + 2*stride; d < end && d <= n/d; d += 2 {
			if n%d == 0 {
				return false, nil
			}
		}
	}
	return true, nil
}
