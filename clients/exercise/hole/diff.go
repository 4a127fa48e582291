package hole

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"
)

const contextLines = 3

// Diff returns the difference between two texts of a file as a unified diff, in the form
// that git writes, or nothing if they are the same.
func Diff(name, before, after string) (string, error) {
	text, err := udiff.ToUnified("a/"+name, "b/"+name, before, udiff.Lines(before, after), contextLines)
	if text != "" {
		text = fmt.Sprintf("diff --git a/%[1]s b/%[1]s\n", name) + text
	}
	return text, err
}

// SideBySide returns two texts next to each other, in lines of at most so many columns.
// Only what differs is in it, and some lines around that.
func SideBySide(left, right string, width int) ([]string, error) {
	diff, err := udiff.ToUnifiedDiff("", "", left, udiff.Lines(left, right), contextLines)
	if err != nil {
		return nil, err
	}
	t := table{half: max(10, (width-3)/2)}
	for i, hunk := range diff.Hunks {
		if i > 0 {
			t.row("...", "...", " ")
		}
		for _, line := range hunk.Lines {
			t.add(line.Kind, strings.TrimRight(line.Content, "\n"))
		}
		t.flush()
	}
	return t.rows, nil
}

// table collects the rows of SideBySide. Lines of one side wait for those of the other.
type table struct {
	half        int
	left, right []string
	rows        []string
}

func (t *table) add(kind udiff.OpKind, line string) {
	switch kind {
	case udiff.Delete:
		t.left = append(t.left, line)
	case udiff.Insert:
		t.right = append(t.right, line)
	default:
		t.flush()
		t.row(line, line, " ")
	}
}

// flush writes the lines in which the sides differ.
func (t *table) flush() {
	for i := range max(len(t.left), len(t.right)) {
		t.row(at(t.left, i), at(t.right, i), "|")
	}
	t.left, t.right = nil, nil
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
