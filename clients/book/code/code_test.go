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
	assert.EqualValues(t, `<span class="c">// x &lt; y</span>`, lines[0].HTML())
	assert.EqualValues(t, `<span class="k">func</span> a(n <span class="t">int</span>) <span class="t">string</span> `+
		`{ <span class="k">return</span> <span class="s">&#34;1&#34;</span> }`, lines[1].HTML())
}

func TestMark(t *testing.T) {
	line := Line{{"k", "func"}, {"", " main()"}}
	for _, test := range []struct {
		ranges []Range
		want   string
	}{
		{nil, `<span class="k">func</span> main()`},
		{[]Range{{0, 4}}, `<span class="k"><mark>func</mark></span> main()`},
		{[]Range{{2, 7}}, `<span class="k">fu</span><span class="k"><mark>nc</mark></span><mark> ma</mark>in()`},
		{[]Range{{0, 1}, {10, 11}}, `<span class="k"><mark>f</mark></span><span class="k">unc</span> main(<mark>)</mark>`},
	} {
		assert.EqualValues(t, test.want, line.Mark(test.ranges))
	}
}
