package markdown

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBlocks reads a block of each kind, in whatever it is nested.
func TestBlocks(t *testing.T) {
	f := Parse("a.md", []byte("# A\r\n\r\n```go x.go\r\nfunc a()\r\n```\n- item\n  ~~~diff a.go b.go\n  +x\n  ~~~\n\n"+
		"```console client\n$ ls\na\n\nb\n$ true\n```\n```console file=c.txt\nc\n```\n```mermaid\nx\n```\n```text\n```\n"+
		"```sh\nls\n```\n```mermaid\ny\n```\n"))
	var got []any
	for _, b := range f.Blocks {
		assert.NoError(t, b.Err, b)
		got = append(got, b.Content)
	}
	assert.Equal(t, []any{
		&Excerpt{"x.go"}, &Diff{"a.go", "b.go"},
		&Transcript{"client", "", []Step{{"ls", []string{"a", "", "b"}}, {"true", nil}}},
		&Transcript{"file", "c.txt", []Step{{"", []string{"c"}}}},
		&Diagram{1}, &Drawing{}, &Shell{}, &Diagram{2},
	}, got)
	assert.Equal(t, "a.md:3: go x.go", f.Blocks[0].String())
	assert.Equal(t, "func a()\n", f.Blocks[0].Text)
	assert.Equal(t, []string{"+x"}, f.Blocks[1].Lines())
	assert.Equal(t, 7, f.Blocks[1].Line)
}

// TestUnknown proves that a block which nobody knows, or compares, is an error.
func TestUnknown(t *testing.T) {
	for block, want := range map[string]string{
		"    indented\n":                     "without a language",
		"```\n```\n":                         "without a language",
		"```json\n{}\n```\n":                 "write a block of go",
		"```go\n```\n":                       "name the file",
		"```diff a\n```\n":                   "name the files",
		"```text\n$ ls\n```\n":               "compared with nothing",
		"```console mine\n$ ls\n```\n":       "write ```console server",
		"```console file\nx\n```\n":          "write ```console server",
		"```console client=x\n$ ls\n```\n":   "write ```console server",
		"```console client\nls\n$ ls\n```\n": "begin with a command",
	} {
		blocks := Parse("a.md", []byte(block)).Blocks
		if assert.Len(t, blocks, 1, block) {
			assert.ErrorContains(t, blocks[0].Err, want, block)
		}
	}
}

func TestHeadings(t *testing.T) {
	f := Parse("a.md", []byte("# `Serve` *it*, now!\n## It's_2 a-b\n## Twice\n### Twice\n"))
	assert.Equal(t, []string{"serve-it-now", "its_2-a-b", "twice", "twice-1"}, f.Headings())
}

// TestLocate numbers excerpts of a text of seven lines, one a letter; _ is an empty line, and
// # a gap.
func TestLocate(t *testing.T) {
	lines := func(s string) []string { return strings.Split(strings.ReplaceAll(s, "_", ""), " ") }
	for excerpt, want := range map[string][]int{
		"a b _ c":     {1, 2, 3, 4},
		"b # b":       {2, 0, 6},
		"_ a # _ c _": {0, 1, 0, 0, 4, 0},
		"# c # e #":   {0, 4, 0, 7, 0},
		"b a":         nil,
		"a c":         nil,
		"c # a":       nil,
		"a # a # a":   nil,
		"# _":         nil,
	} {
		got, err := Locate(lines(excerpt), lines("a b _ c d b e"), func(line string) bool { return line == "#" })
		assert.Equal(t, want, got, excerpt)
		assert.Equal(t, want == nil, err != nil, excerpt)
	}
}
