// Package merge puts sorted sequences together.
package merge

import "iter"

// Merge returns what two sorted sequences have, sorted. It asks each for its next element only when that is needed to
// know which comes next, and when nobody wants more, both sequences have come to their end: what they have opened, they can close.
func Merge(a, b iter.Seq[int]) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := range a {
			if !yield(n) {
				return
			}
		}
		for n := range b {
			if !yield(n) {
				return
			}
		}
	}
}
