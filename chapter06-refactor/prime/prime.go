// Package prime checks whether a number is prime.
package prime

// IsPrime reports whether n is prime. It divides by every odd number up to the
// square root of n: slow on purpose, because the workbook is about what a server
// does meanwhile. 2^61-1 takes 1.3 s on the machine on
// which the workbook's figures were measured.
func IsPrime(n uint64) bool {
	if n < 3 || n%2 == 0 {
		return n == 2
	}
	for d := uint64(3); d <= n/d; d += 2 { // not d*d <= n: d*d overflows
		if n%d == 0 {
			return false
		}
	}
	return true
}
