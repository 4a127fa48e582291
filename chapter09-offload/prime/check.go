package prime

import "context"

// few is how many divisors Try tries. That many divisions take less time than a write.
const few = 512

// Try reports whether n is prime, if a few divisions tell. known is false if they don't.
func Try(n uint64) (isPrime, known bool) {
	if n < 3 || n%2 == 0 {
		return n == 2, true
	}
	for d := uint64(3); d < 3+2*few; d += 2 {
		if d > n/d {
			return true, true
		}
		if n%d == 0 {
			return false, true
		}
	}
	return false, false
}

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
