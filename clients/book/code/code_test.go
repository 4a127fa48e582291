package code

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func text(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text() + "\n")
	}
	return b.String()
}

// TestLines compares the lines' text with the file: a highlighter may not lose a byte.
func TestLines(t *testing.T) {
	for _, source := range []string{
		"package a\n\n/* two\nlines */\nfunc b() string { return `x\n\ty` }\n",
		"package a\n\n\n\n",
		"not Go at all: \"unclosed\n`\n",
		"\tindented, <b>html</b> & such\n",
	} {
		assert.Equal(t, source, text(Lines("a.go", source)))
		assert.Equal(t, source, text(Lines("a.golden", source)))
	}
}

func TestHTML(t *testing.T) {
	lines := Lines("a.go", "// x < y\nfunc a(n int) string { return \"1\" }\n")
	require.Len(t, lines, 2)
	assert.EqualValues(t, `<i>// x &lt; y</i>`, lines[0].HTML())
	assert.EqualValues(t, `<b>func</b> a(n <b>int</b>) <b>string</b> `+
		`{ <b>return</b> <u>"1"</u> }`, lines[1].HTML())
}

func TestMark(t *testing.T) {
	line := Line{{"b", "func"}, {"", " main()"}}
	for _, test := range []struct {
		ranges []Range
		want   string
	}{
		{nil, `<b>func</b> main()`},
		{[]Range{{0, 4}}, `<b><mark>func</mark></b> main()`},
		{[]Range{{2, 7}}, `<b>fu</b><b><mark>nc</mark></b><mark> ma</mark>in()`},
		{[]Range{{0, 1}, {10, 11}}, `<b><mark>f</mark></b><b>unc</b> main(<mark>)</mark>`},
	} {
		assert.EqualValues(t, test.want, line.Mark(test.ranges))
	}
}
