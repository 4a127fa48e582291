package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// start makes a working copy, and says what to do with it.
func (a *app) start(_ context.Context, o options) error {
	if len(o.args) != 1 {
		return fmt.Errorf("which one? Write exercise start and a number, such as 1.1")
	}
	e, err := a.one(o)
	if err != nil {
		return err
	}
	dir, aside, err := a.desk.Start(e, o.dir, o.again)
	if errors.Is(err, desk.ErrThere) {
		return fmt.Errorf("%s %w. Go on with it: exercise check %s. Or begin anew: exercise start %s -again puts it aside",
			a.path(dir), err, e.ID, e.ID)
	}
	if aside != "" {
		a.screen.Print(fmt.Sprintf("What you had is in %s now.", a.path(aside)))
	}
	if err != nil {
		return err
	}
	return a.explain(e, dir)
}

// explain says what there is to do.
func (a *app) explain(e hole.Exercise, dir string) error {
	places, err := e.Places()
	if err != nil {
		return err
	}
	a.screen.Print(terminal.Bold(e.ID+" "+e.Title)+fmt.Sprintf(" (%s, %d minutes)", e.Level, e.Minutes), "")
	for _, piece := range []string{e.Lead, e.Task} {
		for _, paragraph := range strings.Split(piece, "\n\n") {
			a.paragraph(paragraph)
		}
	}
	if why := e.Chapter.Unavailable(); why != "" {
		a.screen.Print("This chapter is "+why+".", "")
	}
	if len(places) == 0 { // it has no hole
		a.screen.Print("Open   " + a.path(dir))
	}
	for _, p := range places {
		a.screen.Print(fmt.Sprintf("Open   %s:%d, %s", a.path(filepath.Join(dir, p.File)), p.Line, p.Function))
	}
	a.screen.Print("Check  "+a.goRun()+" check", "Stuck  "+a.goRun()+" hint", "Read   "+a.path(e.Path(".md")))
	return nil
}

// paragraph shows a paragraph of Markdown. A list's items are wrapped, and code keeps its lines.
func (a *app) paragraph(text string) {
	width := min(a.screen.Width(), 90)
	switch {
	case strings.HasPrefix(text, "- "):
		for _, item := range strings.Split("\n"+text, "\n- ")[1:] {
			lines := terminal.Wrap("  "+item, width)
			lines[0] = "-" + lines[0][1:]
			a.screen.Print(lines...)
		}
	case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "    "):
		a.screen.Print(strings.Split(text, "\n")...)
	default:
		a.screen.Print(terminal.Wrap(text, width)...)
	}
	a.screen.Print("")
}
