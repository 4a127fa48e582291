package main

import (
	"context"
	"fmt"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

const usage = `exercise [list]           all exercises, and which are solved
exercise start 3.1        makes a working copy of the chapter with a hole in it
exercise check [3.1]      runs the tests of the exercise, then all others of the chapter
exercise watch [3.1]      does the same at each save
exercise hint [3.1]       shows the next hint
exercise solution [3.1]   shows what the book has there

Without a number it is the exercise that was started last.
  -dir folder   the working copy, in place of one in my
  -again        start: put the copy that is there aside, and begin anew
  -yes          solution: do not ask

For those who write exercises:
exercise prove [-all] [3.1]   does each hole fail as its text says?
exercise prove -wrong [3.1]   is each wrong solution found out?
exercise renew [3.1]          makes the patches anew after a change of the chapters
`

const barWidth = 30

// list shows all exercises by chapter, and the next one to do.
func (a *app) list(_ context.Context, o options) error {
	if len(o.args) > 0 {
		return fmt.Errorf("list shows all: what is %q?", o.args[0])
	}
	solved, width := 0, 0
	for _, e := range a.desk.Exercises {
		width = max(width, len(e.Title))
		if a.progress.Solved[e.ID] {
			solved++
		}
	}
	done := barWidth * solved / max(1, len(a.desk.Exercises))
	a.screen.Print(fmt.Sprintf("[%s%s] %d of %d exercises solved",
		strings.Repeat("█", done), strings.Repeat("·", barWidth-done), solved, len(a.desk.Exercises)))
	chapter := 0
	for _, e := range a.desk.Exercises {
		if e.Chapter.Number != chapter {
			chapter = e.Chapter.Number
			a.screen.Print("", terminal.Bold(e.Chapter.String())+note(e))
		}
		a.screen.Print(fmt.Sprintf("  %s %s  %-*s  %-8s  %3d min", a.mark(e), e.ID, width, e.Title, e.Level, e.Minutes))
	}
	a.screen.Print("", a.next())
	return nil
}

// note says why a chapter can't be done on this system.
func note(e hole.Exercise) string {
	if why := e.Chapter.Unavailable(); why != "" {
		return "  (" + why + ")"
	}
	return ""
}

func (a *app) mark(e hole.Exercise) string {
	if a.progress.Solved[e.ID] {
		return "✓"
	}
	return " "
}

// next says which exercise is the next.
func (a *app) next() string {
	switch e, begun := a.desk.Next(a.progress); {
	case e == nil:
		return "You have solved them all. You have written nine servers."
	case begun:
		return fmt.Sprintf("You have begun %s, %s. Check it: %s check", e.ID, e.Title, a.goRun())
	default:
		return fmt.Sprintf("Next is %s, %s: %s start %s", e.ID, e.Title, a.goRun(), e.ID)
	}
}
