package workbook

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkQuote compares a block with the file that its second word names. A line with
// nothing but a comment of three dots stands for lines that are left out.
func (b block) checkQuote() error {
	if len(b.words) != 2 {
		return fmt.Errorf("name the file: ```%s file", b.words[0])
	}
	text, err := readLines(b.file(b.words[1]))
	if err != nil {
		return err
	}
	return excerpt(b.lines, text, func(line string) bool {
		line = strings.TrimSpace(line)
		return line == "// ..." || line == "# ..."
	})
}

func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines, err
}

// excerpt reports how the lines fail to be an excerpt of the text: whole lines in
// their order, and only at a gap may lines be left out.
func excerpt(lines, text []string, gap func(string) bool) error {
	pieces := split(lines, gap)
	if len(pieces) == 0 {
		return fmt.Errorf("the block quotes nothing")
	}
	for _, piece := range pieces {
		i := index(text, piece)
		if i < 0 {
			return fmt.Errorf("this does not stand there, or not behind what comes before it:\n%s",
				strings.Join(piece, "\n"))
		}
		text = text[i+len(piece):]
	}
	return nil
}

// split cuts the lines at the gaps. Empty lines beside a gap are not part of a piece.
func split(lines []string, gap func(string) bool) [][]string {
	var pieces [][]string
	for len(lines) > 0 {
		end := slices.IndexFunc(lines, gap)
		if end < 0 {
			end = len(lines)
		}
		if piece := trim(lines[:end]); len(piece) > 0 {
			pieces = append(pieces, piece)
		}
		lines = lines[min(end+1, len(lines)):]
	}
	return pieces
}

// trim drops the empty lines at both ends.
func trim(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// index returns where the piece begins in the text, or -1.
func index(text, piece []string) int {
	for i := range len(text) - len(piece) + 1 {
		if slices.Equal(text[i:i+len(piece)], piece) {
			return i
		}
	}
	return -1
}

func TestQuotes(t *testing.T) {
	t.Chdir(t.TempDir())
	source := "package a\n\nfunc b() {\n\tc()\n\td()\n}\n\nfunc e() {\n}\n"
	require.NoError(t, os.WriteFile("a.go", []byte(source), 0o644))
	tests := []struct{ name, markdown, want string }{
		{"whole", "~~~go a.go\n" + source + "~~~\n", ""},
		{"part", "~~~go a.go\n\tc()\n\td()\n~~~\n", ""},
		{"gaps", "~~~go a.go\n// ...\nfunc b() {\n\t// ...\n\td()\n}\n\n// ...\n\nfunc e() {\n~~~\n", ""},
		{"in a list", "1. text\n\n   ~~~go a.go\n   func b() {\n   \tc()\n   ~~~\n", ""},
		{"in details", "<details>\n\n~~~go a.go\nfunc x()\n~~~\n\n</details>\n", "does not stand there"},
		{"no file", "~~~go\nfunc b() {\n~~~\n", "name the file"},
		{"missing file", "~~~go b.go\nfunc b() {\n~~~\n", "no such file"},
		{"changed line", "~~~go a.go\nfunc b() {\n\tx()\n~~~\n", "does not stand there"},
		{"part of a line", "~~~go a.go\nfunc b()\n~~~\n", "does not stand there"},
		{"other indentation", "~~~go a.go\nc()\n~~~\n", "does not stand there"},
		{"line left out", "~~~go a.go\nfunc b() {\n\td()\n~~~\n", "does not stand there"},
		{"other order", "~~~go a.go\n\td()\n// ...\n\tc()\n~~~\n", "does not stand there"},
		{"twice", "~~~go a.go\n\tc()\n// ...\n\tc()\n~~~\n", "does not stand there"},
		{"past the end", "~~~go a.go\nfunc e() {\n}\n\nfunc f()\n~~~\n", "does not stand there"},
		{"nothing", "~~~go a.go\n// ...\n~~~\n", "quotes nothing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { expectProblem(t, test.want, problems(t, test.markdown)) })
	}
}

// expectProblem expects a problem with the text, or no problem if the text is empty.
func expectProblem(t *testing.T, want, problems string) {
	t.Helper()
	if want == "" {
		assert.Equal(t, "[]", problems)
	}
	assert.Contains(t, problems, want)
}
