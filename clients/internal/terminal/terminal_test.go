package terminal

import (
	"strings"
	"testing"

	"github.com/fatih/color"
	"github.com/stretchr/testify/assert"
)

func TestRedraw(t *testing.T) {
	var out strings.Builder
	s := &Screen{out: &out, live: true}
	s.Redraw([]string{"a", "b"})
	s.Redraw([]string{"c"})
	s.Print("done")
	s.Print("more")
	assert.Equal(t, "a\nb\n"+"\x1b[2A\r\x1b[Jc\n"+"\x1b[1A\r\x1b[Jdone\n"+"more\n", out.String())
}

// TestPipe proves that nothing temporary goes into a pipe.
func TestPipe(t *testing.T) {
	var out strings.Builder
	s := Pipe(&out)
	s.Redraw([]string{"a", "b"})
	s.Print("done")
	assert.Equal(t, "done\n", out.String())
	assert.Equal(t, 80, s.Width())
}

func TestWrap(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  []string
	}{
		{"one two", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"  one two  three", 9, []string{"  one two", "  three"}},
		{"ä✓ö two", 7, []string{"ä✓ö two"}},
		{"indivisible", 4, []string{"indivisible"}},
		{"", 4, []string{""}},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, Wrap(test.text, test.width), test.text)
	}
}

// TestPaint proves that there are colours on a terminal, and none with NO_COLOR or in a
// pipe, which the color package has found out when the program began.
func TestPaint(t *testing.T) {
	defer func(before bool) { color.NoColor = before }(color.NoColor)
	color.NoColor = false
	assert.Equal(t, "\x1b[31mred\x1b[0m", Failed("red"))
	color.NoColor = true
	assert.Equal(t, "plain", Failed("plain"))
	assert.Equal(t, "plain", Bold("plain"))
}
