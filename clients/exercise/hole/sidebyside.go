package hole

import (
	"strings"
	"unicode/utf8"

	"example.com/concurrent-network-server/clients/internal/diff"
)

// SideBySide returns two texts next to each other, in lines of at most width columns.
// Only what differs is in it, and some lines around that.
func SideBySide(left, right string, width int) []string {
	a, b := strings.Split(strings.TrimSuffix(left, "\n"), "\n"), strings.Split(strings.TrimSuffix(right, "\n"), "\n")
	t := table{half: max(10, (width-3)/2)}
	for i, group := range diff.Changes(a, b) {
		if i > 0 {
			t.row("...", "...", " ")
		}
		at := max(0, group[0].A0-diff.Around)
		for _, c := range group {
			t.same(a[at:c.A0])
			t.differ(a[c.A0:c.A1], b[c.B0:c.B1])
			at = c.A1
		}
		t.same(a[at:min(len(a), at+diff.Around)])
	}
	return t.rows
}

// table collects the rows of SideBySide.
type table struct {
	half int
	rows []string
}

func (t *table) same(lines []string) {
	for _, line := range lines {
		t.row(line, line, " ")
	}
}

func (t *table) differ(left, right []string) {
	for i := range max(len(left), len(right)) {
		t.row(at(left, i), at(right, i), "|")
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func (t *table) row(left, right, mark string) {
	row := pad(left, t.half) + " " + mark + " " + strings.TrimRight(pad(right, t.half), " ")
	t.rows = append(t.rows, strings.TrimRight(row, " "))
}

// pad makes a line as wide as its column. What does not fit is cut.
func pad(line string, width int) string {
	line = strings.ReplaceAll(line, "\t", "   ")
	n := utf8.RuneCountInString(line)
	if n <= width {
		return line + strings.Repeat(" ", width-n)
	}
	return string([]rune(line)[:width-1]) + "…"
}
