package diff

import (
	"fmt"
	"slices"
	"strings"
)

// Around is how many unchanged lines are shown before and after a change.
const Around = 3

// A Change replaces the lines A0 to before A1 of the old text by B0 to before B1 of the new.
type Change struct{ A0, A1, B0, B1 int }

// Changes returns what changes between two texts, in groups that are so close that no line
// would be left out between them.
func Changes(a, b []string) [][]Change {
	var groups [][]Change
	end := 0
	for i, c := range changes(a, b) {
		if i == 0 || c.A0-end > 2*Around {
			groups = append(groups, nil)
		}
		last := &groups[len(groups)-1]
		*last, end = append(*last, c), c.A1
	}
	return groups
}

func changes(a, b []string) []Change {
	var list []Change
	last, same := [2]int{}, 0 // where the run of same lines ends, and its length
	for _, p := range append(Common(a, b), [2]int{len(a), len(b)}) {
		if p != last {
			list = append(list, settle(a, b, Change{last[0], p[0], last[1], p[1]}, same))
			same = 0
		}
		last = [2]int{p[0] + 1, p[1] + 1}
		same++
	}
	return list
}

// settle moves a pure insertion or deletion up, where the result is the same, until it
// ends with an empty line: what is added is a whole function then, and not the end of one
// and the beginning of the next. Room is the number of same lines before it.
func settle(a, b []string, c Change, room int) Change {
	lines, from, to := b, c.B0, c.B1
	if c.B0 == c.B1 {
		lines, from, to = a, c.A0, c.A1
	} else if c.A0 != c.A1 {
		return c
	}
	for shift := 0; shift <= room; shift++ {
		if strings.TrimSpace(lines[to-shift-1]) == "" {
			return Change{c.A0 - shift, c.A1 - shift, c.B0 - shift, c.B1 - shift}
		}
		if shift < room && lines[from-shift-1] != lines[to-shift-1] {
			break
		}
	}
	return c
}

// Unified returns the difference between two texts of a file as a unified diff, in the form
// that git writes, or nothing if they are the same.
func Unified(name, before, after string) string {
	a, b := slices.Collect(strings.Lines(before)), slices.Collect(strings.Lines(after))
	var text strings.Builder
	for _, group := range Changes(a, b) {
		if text.Len() == 0 {
			fmt.Fprintf(&text, "diff --git a/%[1]s b/%[1]s\n--- a/%[1]s\n+++ b/%[1]s\n", name)
		}
		first, last := group[0], group[len(group)-1]
		before := min(Around, first.A0)
		after := min(Around, len(a)-last.A1)
		fmt.Fprintf(&text, "@@ -%s +%s @@\n", lineRange(first.A0-before, last.A1+after), lineRange(first.B0-before, last.B1+after))
		at := first.A0 - before
		for _, c := range group {
			write(&text, " ", a[at:c.A0])
			write(&text, "-", a[c.A0:c.A1])
			write(&text, "+", b[c.B0:c.B1])
			at = c.A1
		}
		write(&text, " ", a[at:at+after])
	}
	return text.String()
}

// lineRange says where lines are and how many. Where there are none, it names the line before.
func lineRange(from, to int) string {
	if from == to {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func write(out *strings.Builder, sign string, lines []string) {
	for _, line := range lines {
		out.WriteString(sign + line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}
