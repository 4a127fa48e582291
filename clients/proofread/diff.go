package proofread

import (
	"fmt"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/internal/diff"
	"example.com/concurrent-network-server/clients/internal/markdown"
)

// checkDiff compares a block with the difference between the two files that it names.
// Several differences of two files can be right: diff and git choose by rules of their
// own. The block must belong to any that is as short as possible.
func checkDiff(b *markdown.Block, d *markdown.Diff) error {
	before, err := readLines(near(b, d.Old))
	if err != nil {
		return err
	}
	after, err := readLines(near(b, d.New))
	if err != nil {
		return err
	}
	return newComparison(before, after).check(b.Lines())
}

func isDiffGap(line string) bool { return strings.HasPrefix(line, "@@") || line == "..." }

// comparison knows the longest common subsequence of any two ends, and of any two
// beginnings, of two files: how many lines they can keep.
type comparison struct {
	before, after []string
	head, tail    [][]int32
}

func newComparison(before, after []string) *comparison {
	head := diff.Lengths(reversed(before), reversed(after))
	slices.Reverse(head)
	for _, row := range head {
		slices.Reverse(row)
	}
	return &comparison{before, after, head, diff.Lengths(before, after)}
}

func reversed(lines []string) []string {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	return lines
}

// check looks for each piece of a block after the one before it.
func (c *comparison) check(lines []string) error {
	changes, i, j := 0, 0, 0
	for _, p := range markdown.Pieces(lines, isDiffGap) {
		piece := lines[p.From:p.To]
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
			if slices.Equal(c.after[j:nextJ], after) && c.head[i][j]+int32(kept)+c.tail[nextI][nextJ] == c.tail[0][0] {
				return nextI, nextJ, true
			}
		}
	}
	return 0, 0, false
}
