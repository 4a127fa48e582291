package step

import (
	"regexp"
	"slices"

	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/internal/diff"
)

// alike is from which likeness on two lines are taken for the same line, changed.
const alike = 0.5

// rows puts the lines of a change beside each other, so that those which are alike are in
// a row and the order of both files is kept.
func rows(a, b file, c diff.Change) []Row {
	var list []Row
	i, j := c.A0, c.B0
	only := func(toA, toB int) {
		for ; i < toA; i++ {
			list = append(list, Row{Old: a.line(i)})
		}
		for ; j < toB; j++ {
			list = append(list, Row{New: b.line(j)})
		}
	}
	for _, p := range pair(words(a.text[c.A0:c.A1]), words(b.text[c.B0:c.B1])) {
		only(c.A0+p[0], c.B0+p[1])
		row := Row{a.line(i), b.line(j)}
		row.Old.Marked, row.New.Marked = marks(a.text[i], b.text[j])
		list = append(list, row)
		i, j = i+1, j+1
	}
	only(c.A1, c.B1)
	return list
}

// pair chooses which lines belong together: in order, with the greatest likeness in sum.
func pair(a, b [][]string) [][2]int {
	like := make([][]float64, len(a)+1)
	best := make([][]float64, len(a)+1)
	for i := range best {
		like[i], best[i] = make([]float64, len(b)+1), make([]float64, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if like[i][j] = likeness(a[i], b[j]); like[i][j] >= alike {
				best[i][j] = max(best[i][j], best[i+1][j+1]+like[i][j])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case like[i][j] >= alike && best[i][j] == best[i+1][j+1]+like[i][j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

var word = regexp.MustCompile(`[\pL\pN_]+|\s+|.`)

// words returns the words of each line, without the space between them.
func words(lines []string) [][]string {
	list := make([][]string, len(lines))
	for i, line := range lines {
		list[i] = slices.DeleteFunc(word.FindAllString(line, -1), func(s string) bool {
			return s[0] == ' ' || s[0] == '\t'
		})
	}
	return list
}

// marks returns which parts of two lines the other does not have.
func marks(a, b string) (inA, inB []code.Range) {
	as, bs := word.FindAllString(a, -1), word.FindAllString(b, -1)
	var keepA, keepB []int
	for _, p := range diff.Common(as, bs) {
		keepA, keepB = append(keepA, p[0]), append(keepB, p[1])
	}
	return without(as, keepA), without(bs, keepB)
}

// without returns where the words are that are not kept; ranges that touch are one.
func without(words []string, keep []int) []code.Range {
	var list []code.Range
	at := 0
	for i, w := range words {
		end := at + len(w)
		if !slices.Contains(keep, i) {
			if n := len(list); n > 0 && list[n-1].End == at {
				list[n-1].End = end
			} else {
				list = append(list, code.Range{Start: at, End: end})
			}
		}
		at = end
	}
	return list
}
