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

// check runs the tests of an exercise, and says what they say.
func (a *app) check(ctx context.Context, o options) error {
	e, dir, err := a.copy(o)
	if err != nil {
		return err
	}
	return a.checkIn(ctx, e, dir)
}

// copy returns the exercise that is meant, and its working copy.
func (a *app) copy(o options) (e hole.Exercise, dir string, err error) {
	if e, err = a.one(o); err != nil {
		return e, "", err
	}
	if dir, err = a.dir(e, o); err != nil {
		return e, "", err
	}
	if why := e.Chapter.Unavailable(); why != "" {
		return e, "", errors.New("this chapter is " + why)
	}
	if !desk.IsCopy(dir) {
		return e, "", fmt.Errorf("there is no working copy in %s: begin with exercise start %s", a.path(dir), e.ID)
	}
	return e, dir, nil
}

// checkIn checks what is in a folder.
func (a *app) checkIn(ctx context.Context, e hole.Exercise, dir string) error {
	a.screen.Print(terminal.Bold(e.ID+" "+e.Title)+"  in "+a.path(dir), "")
	shown := false
	result, err := a.desk.Check(ctx, e, dir, func(r desk.Result) {
		if !shown && r.Doing == desk.TheRest {
			shown = true
			a.show(r)
		}
		a.screen.Redraw([]string{r.Doing + " ..."})
	})
	if err == nil && !shown {
		a.show(result)
	}
	if err != nil {
		return err
	}
	return a.verdict(e, dir, result)
}

// show shows how the tests of the exercise have ended.
func (a *app) show(r desk.Result) {
	if r.Restored {
		a.screen.Print("(Your tests differ from the book's. These are the book's.)", "")
	}
	for _, t := range r.Tests {
		switch {
		case t.Outcome == nil:
		case t.State == hole.Passed:
			a.screen.Print("✓ " + t.Name)
		case t.State == hole.Skipped:
			a.screen.Print("- " + t.Name + "  " + t.State.String())
		default:
			a.bad(t)
		}
	}
}

// verdict shows what else there is to say about a check that is over.
func (a *app) verdict(e hole.Exercise, dir string, r desk.Result) error {
	switch {
	case r.Compiler != "":
		for line := range strings.Lines(r.Compiler) {
			a.screen.Print(a.path(dir) + string(filepath.Separator) + strings.TrimSpace(line))
		}
	case r.Solved():
		a.screen.Print("✓ all other tests of the chapter", "")
		return a.solved(e)
	case r.Rest != nil:
		a.bad(*r.Rest)
	}
	a.screen.Print("", fmt.Sprintf("Not yet. %s %s", r.Verdict(), a.encouragement(e)))
	return errNotYet
}

// bad shows what there is to say about a test that has not passed: what it found, and what that
// means, or what it proves.
func (a *app) bad(t desk.Test) {
	a.screen.Print(terminal.Failed("✗ "+t.Name) + "  " + t.State.String())
	a.screen.Print(indent(t.Details())...)
	if t.Says != "" {
		a.screen.Print(terminal.Wrap("    "+t.Says, min(a.screen.Width(), 90))...)
	}
}

// encouragement says what helps next.
func (a *app) encouragement(e hole.Exercise) string {
	if given := a.progress.Hints[e.ID]; given < len(e.Hints) {
		return fmt.Sprintf("You'll find it. If you are stuck: %s hint", a.goRun())
	}
	return "Read the hints once more: the last one is nearly the line."
}

// solved celebrates, and says what comes next.
func (a *app) solved(e hole.Exercise) error {
	p, err := a.desk.Progress()
	if err != nil {
		return err
	}
	a.progress = p
	a.screen.Print(terminal.Bold("Solved: " + e.Title + "."))
	a.screen.Print(fmt.Sprintf("Compare it with the book: %s solution %s", a.goRun(), e.ID), a.next())
	return nil
}

// indent returns the lines of a text, indented.
func indent(text string) []string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = "    " + line
	}
	return lines
}
