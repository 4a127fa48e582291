package terminal

import (
	"strings"

	"github.com/fatih/color"
)

// The color package leaves all of them plain if the standard output is not a terminal or
// NO_COLOR is set.
var (
	bold   = color.New(color.Bold)
	failed = color.New(color.FgRed)
	added  = color.New(color.FgGreen)
)

// Bold is for headings.
func Bold(s string) string { return bold.Sprint(s) }

// Failed is for what went wrong.
func Failed(s string) string { return failed.Sprint(s) }

// PaintDiff colours a line of a unified diff.
func PaintDiff(line string) string {
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		return Bold(line)
	case strings.HasPrefix(line, "+"):
		return added.Sprint(line)
	case strings.HasPrefix(line, "-"):
		return Failed(line)
	}
	return line
}
