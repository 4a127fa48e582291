package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// checkDiff compares a block with the difference between the two files that it names.
// Several differences of two files can be right: diff and git choose by rules of their
// own. The block must belong to any that is as short as possible.
func (b Block) checkDiff() error {
	if len(b.words) != 3 {
		return fmt.Errorf("name the files: ```diff old new")
	}
	before, err := readLines(b.file(b.words[1]))
	if err != nil {
		return err
	}
	after, err := readLines(b.file(b.words[2]))
	if err != nil {
		return err
	}
	pieces := split(b.lines, func(line string) bool {
		return strings.HasPrefix(line, "@@") || line == "..."
	})
	return newComparison(before, after).check(pieces)
}

// comparison knows the longest common subsequence of any two ends, and of any two
// beginnings, of two files: how many lines they can keep.
type comparison struct {
	before, after []string
	head, tail    [][]int
}

func newComparison(before, after []string) *comparison {
	head := common(reversed(before), reversed(after))
	slices.Reverse(head)
	for _, row := range head {
		slices.Reverse(row)
	}
	return &comparison{before, after, head, common(before, after)}
}

// common returns for each i and j how many lines a[i:] and b[j:] have in common.
func common(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			table[i][j] = max(table[i+1][j], table[i][j+1])
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	return table
}

func reversed(lines []string) []string {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	return lines
}

// check looks for each piece after the one before it.
func (c *comparison) check(pieces [][]string) error {
	changes, i, j := 0, 0, 0
	for _, piece := range pieces {
		removed, added, kept, err := sides(piece)
		if err != nil {
			return err
		}
		changes += len(removed) + len(added) - 2*kept
		var found bool
		if i, j, found = c.find(removed, added, kept, i, j); !found {
			return fmt.Errorf("this is not the difference, or not after what comes before it (see diff -d -u):\n%s",
				strings.Join(piece, "\n"))
		}
	}
	if changes == 0 {
		return fmt.Errorf("the block shows no difference")
	}
	return nil
}

// sides takes a piece of a difference apart: its lines before and after the change,
// and the number of those that it keeps.
func sides(piece []string) (before, after []string, kept int, err error) {
	for _, line := range piece {
		if line == "" { // an empty line that is kept, without its leading space
			line = " "
		}
		switch line[0] {
		case '-':
			before = append(before, line[1:])
		case '+':
			after = append(after, line[1:])
		case ' ':
			before, after = append(before, line[1:]), append(after, line[1:])
			kept++
		default:
			return nil, nil, 0, fmt.Errorf("a line that begins with none of - + and space: %s", line)
		}
	}
	return before, after, kept, nil
}

// find looks for the two sides of a piece, not before the lines i and j, and returns
// the lines after them. In a shortest difference, the files keep as many lines as
// can be kept: those before the piece, those in it and those after it.
func (c *comparison) find(before, after []string, kept, i, j int) (int, int, bool) {
	for i := i; i+len(before) <= len(c.before); i++ {
		if !slices.Equal(c.before[i:i+len(before)], before) {
			continue
		}
		for j := j; j+len(after) <= len(c.after); j++ {
			nextI, nextJ := i+len(before), j+len(after)
			if slices.Equal(c.after[j:nextJ], after) && c.head[i][j]+kept+c.tail[nextI][nextJ] == c.tail[0][0] {
				return nextI, nextJ, true
			}
		}
	}
	return 0, 0, false
}
