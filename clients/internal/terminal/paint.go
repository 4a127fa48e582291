package terminal

import (
	"strings"

	"github.com/fatih/color"

	"example.com/concurrent-network-server/clients/internal/timeline"
)

// The color package leaves all of them plain if the standard output is not a terminal or
// NO_COLOR is set.
var (
	bold   = color.New(color.Bold)
	failed = color.New(color.FgRed)
	added  = color.New(color.FgGreen)
	marks  = map[timeline.Mark]*color.Color{
		timeline.AwaitsStar:  color.New(color.FgYellow),
		timeline.AwaitsTurn:  color.New(color.Faint),
		timeline.AwaitsReply: color.New(color.FgBlue),
		timeline.HasReply:    color.New(color.FgGreen),
	}
)

// Paint colours a timeline.
func Paint(mark timeline.Mark, s string) string {
	if c, ok := marks[mark]; ok {
		return c.Sprint(s)
	}
	return s
}

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
