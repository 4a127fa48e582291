// Package terminal writes for people: in colour and in place on a terminal, plain text
// into a pipe or a file.
package terminal

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// A Screen is where a program writes.
type Screen struct {
	out   io.Writer
	fd    int
	live  bool
	drawn int // how many lines Redraw has written last
	err   error
}

// Stdout returns the screen of the standard output.
func Stdout() *Screen {
	fd := int(os.Stdout.Fd())
	// color.Output understands the control sequences on Windows too.
	return &Screen{out: color.Output, fd: fd, live: term.IsTerminal(fd) && os.Getenv("TERM") != "dumb"}
}

// Pipe returns a screen that is no terminal.
func Pipe(out io.Writer) *Screen { return &Screen{out: out} }

// Width returns the number of columns.
func (s *Screen) Width() int {
	if width, _, err := term.GetSize(s.fd); s.live && err == nil && width > 0 {
		return width - 1 // some terminals wrap a line that is full
	}
	return defaultWidth
}

const defaultWidth = 80

// Print writes lines that stay, in place of those that Redraw has written.
func (s *Screen) Print(lines ...string) {
	s.write(s.erase())
	for _, line := range lines {
		s.write(line + "\n")
	}
}

// Err returns the error of the first write that failed: nobody may be reading any more.
func (s *Screen) Err() error { return s.err }

func (s *Screen) write(text string) {
	_, err := io.WriteString(s.out, text)
	s.err = cmp.Or(s.err, err)
}

// Clear empties the screen, if it is live.
func (s *Screen) Clear() {
	if s.live {
		s.drawn = 0
		s.write("\x1b[H\x1b[2J")
	}
}

// Redraw writes lines in place of those that it has written before. If the screen is not
// live, it does nothing.
func (s *Screen) Redraw(lines []string) {
	if !s.live {
		return
	}
	text := s.erase()
	for _, line := range lines {
		text += line + "\n"
	}
	s.drawn = len(lines)
	s.write(text) // at once, or it flickers
}

// erase returns what puts the cursor where Redraw began and clears the rest.
func (s *Screen) erase() string {
	if s.drawn == 0 {
		return ""
	}
	text := fmt.Sprintf("\x1b[%dA\r\x1b[J", s.drawn)
	s.drawn = 0
	return text
}

// Wrap breaks text into lines of at most that many columns, if its words permit. All lines
// are indented by as much as the text.
func Wrap(text string, width int) []string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var lines []string
	line := indent
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
