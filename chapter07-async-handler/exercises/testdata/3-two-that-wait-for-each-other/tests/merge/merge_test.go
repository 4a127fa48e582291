package merge

import (
	"iter"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A source is a sequence that knows what has been done with it.
type source struct {
	numbers []int
	asked   int // how many of them have been asked for
	open    int // begun, and not ended
}

func (s *source) seq() iter.Seq[int] {
	return func(yield func(int) bool) {
		s.open++
		defer func() { s.open-- }()
		for _, n := range s.numbers {
			s.asked++
			if !yield(n) {
				return
			}
		}
	}
}

// TestSorted proves that all elements come, sorted, whichever sequence is longer.
func TestSorted(t *testing.T) {
	for _, test := range []struct{ a, b, want []int }{
		{[]int{1, 4, 6}, []int{2, 3, 7, 8}, []int{1, 2, 3, 4, 6, 7, 8}},
		{[]int{5, 6}, []int{1, 2}, []int{1, 2, 5, 6}},
		{[]int{1, 1, 2}, []int{1, 2}, []int{1, 1, 1, 2, 2}},
		{nil, []int{1, 2}, []int{1, 2}},
		{[]int{-1, 0}, nil, []int{-1, 0}},
		{nil, nil, nil},
	} {
		got := slices.Collect(Merge((&source{numbers: test.a}).seq(), (&source{numbers: test.b}).seq()))
		assert.Equal(t, test.want, got, "what comes of %v and %v", test.a, test.b)
	}
}

// TestLazy proves that no more is asked for than is needed: the next element may cost a minute, or never come.
func TestLazy(t *testing.T) {
	a, b := &source{numbers: []int{1, 4, 9}}, &source{numbers: []int{2, 3, 5, 6}}
	merged := Merge(a.seq(), b.seq())
	assert.Zero(t, a.asked+b.asked, "elements that are asked for before anybody wants one")
	var asked [][2]int
	for n := range merged {
		asked = append(asked, [2]int{a.asked, b.asked})
		if n == 4 {
			break
		}
	}
	assert.Equal(t, [][2]int{{1, 1}, {2, 1}, {2, 2}, {2, 3}}, asked,
		"elements of each that have been asked for when the first, second, third and fourth come")
}

// TestEndsBoth proves that both sequences come to their end when nobody wants more, wherever that is.
func TestEndsBoth(t *testing.T) {
	before := runtime.NumGoroutine()
	for stop := range 8 {
		a, b := &source{numbers: []int{1, 4, 9}}, &source{numbers: []int{2, 3, 5, 6}}
		n := 0
		for range Merge(a.seq(), b.seq()) {
			if n++; n > stop {
				break
			}
		}
		assert.Zero(t, a.open+b.open, "sequences that have not come to their end, when %d elements have been taken", n)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines that are left")
}

// TestAgain proves that a sequence can be gone through twice.
func TestAgain(t *testing.T) {
	merged := Merge(slices.Values([]int{1, 3}), slices.Values([]int{2}))
	for range 2 {
		assert.Equal(t, []int{1, 2, 3}, slices.Collect(merged), "what comes of [1 3] and [2]; the second time it should be the same")
	}
}

// TestPanics proves that both sequences come to their end when the one who takes the elements panics.
func TestPanics(t *testing.T) {
	a, b := &source{numbers: []int{1, 4, 9}}, &source{numbers: []int{2, 3}}
	assert.Panics(t, func() {
		for n := range Merge(a.seq(), b.seq()) {
			if n == 2 {
				panic("bad luck")
			}
		}
	})
	assert.Zero(t, a.open+b.open, "sequences that have not come to their end after a panic")
}
