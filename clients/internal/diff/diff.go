// Package diff finds shortest differences. It is our own because the libraries for it stop
// looking for the shortest one at some point.
package diff

// Lengths returns for each i and j how many elements a[i:] and b[j:] have in common, in the
// same order.
func Lengths[T comparable](a, b []T) [][]int32 {
	lengths := make([][]int32, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}

// Common returns a longest common subsequence of a and b, as pairs of indexes.
func Common[T comparable](a, b []T) [][2]int {
	var pairs [][2]int
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	enda, endb := len(a), len(b)
	for enda > start && endb > start && a[enda-1] == b[endb-1] {
		enda, endb = enda-1, endb-1
	}
	for _, p := range middle(a[start:enda], b[start:endb]) {
		pairs = append(pairs, [2]int{p[0] + start, p[1] + start})
	}
	for i := range len(a) - enda {
		pairs = append(pairs, [2]int{enda + i, endb + i})
	}
	return pairs
}

// middle is Common for sequences that differ at both ends.
func middle[T comparable](a, b []T) [][2]int {
	lengths := Lengths(a, b)
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case lengths[i+1][j] >= lengths[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}
