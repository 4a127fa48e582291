package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

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
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return e, "", fmt.Errorf("there is no working copy in %s: begin with exercise start %s", a.path(dir), e.ID)
	}
	return e, dir, nil
}

// checkIn checks what is in a folder.
func (a *app) checkIn(ctx context.Context, e hole.Exercise, dir string) error {
	tmp, err := os.MkdirTemp("", "exercise")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	a.screen.Print(terminal.Bold(e.ID+" "+e.Title)+"  in "+a.path(dir), "")
	a.screen.Redraw([]string{"compiling ..."})
	attempt, err := e.NewAttempt(ctx, dir, tmp, names(e)...)
	if err == nil {
		if attempt.Restored {
			a.screen.Print("(Your tests differ from the book's. These are the book's.)", "")
		}
		err = a.tests(ctx, e, attempt)
	}
	if compile, ok := errors.AsType[*hole.CompileError](err); ok {
		for line := range strings.Lines(compile.Output) {
			a.screen.Print(a.path(dir) + string(filepath.Separator) + strings.TrimSpace(line))
		}
		return a.notYet(e, "It does not compile.")
	}
	return err
}

// tests runs the named tests, and compiles and runs the others when these pass.
func (a *app) tests(ctx context.Context, e hole.Exercise, attempt *hole.Attempt) error {
	a.screen.Redraw([]string{"testing ..."})
	outcomes, err := runAll(ctx, e, attempt)
	if err != nil {
		return err
	}
	passed, skipped := a.show(e, outcomes)
	switch {
	case skipped == len(outcomes):
		return errors.New("this system lacks what the tests need: they have been skipped")
	case passed+skipped < len(outcomes):
		return a.notYet(e, fmt.Sprintf("%d of %d.", passed, len(outcomes)))
	}
	a.screen.Redraw([]string{"testing the rest of the chapter ..."})
	rest, err := attempt.Rest(ctx, names(e))
	if err != nil {
		return err
	}
	if rest.State != hole.Passed {
		a.bad(rest, hole.Test{})
		return a.notYet(e, "The idea is there. Now something else in the chapter is broken.")
	}
	a.screen.Print("✓ all other tests of the chapter", "")
	return a.solved(e)
}

// runAll runs the tests of an exercise side by side.
func runAll(ctx context.Context, e hole.Exercise, attempt *hole.Attempt) ([]hole.Outcome, error) {
	outcomes := make([]hole.Outcome, len(e.Tests))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(2, runtime.NumCPU()))
	for i, test := range e.Tests {
		group.Go(func() (err error) {
			outcomes[i], err = attempt.Test(ctx, test.Name)
			return err
		})
	}
	return outcomes, group.Wait()
}

func names(e hole.Exercise) []string {
	var all []string
	for _, test := range e.Tests {
		all = append(all, test.Name)
	}
	return all
}

// show shows the outcomes, and returns how many are good, and how many tests were skipped.
func (a *app) show(e hole.Exercise, outcomes []hole.Outcome) (passed, skipped int) {
	for i, o := range outcomes {
		switch o.State {
		case hole.Passed:
			passed++
			a.screen.Print("✓ " + o.Test)
		case hole.Skipped:
			skipped++
			a.screen.Print("- " + o.Test + "  " + o.State.String())
		default:
			a.bad(o, e.Tests[i])
		}
	}
	return passed, skipped
}

// bad shows what there is to say about a test that has not passed: what it found, and what that
// means, or what it proves.
func (a *app) bad(o hole.Outcome, test hole.Test) {
	a.screen.Print(terminal.Failed("✗ "+o.Test) + "  " + o.State.String())
	a.screen.Print(indent(o.Details())...)
	says := o.Promise
	if test.Message != "" && test.Explains(o) {
		says = test.Meaning
	}
	if says != "" {
		a.screen.Print(terminal.Wrap("    "+strings.Join(strings.Fields(says), " "), min(a.screen.Width(), 90))...)
	}
}

// notYet ends a check of an exercise that is not solved.
func (a *app) notYet(e hole.Exercise, how string) error {
	a.screen.Print("", fmt.Sprintf("Not yet. %s %s", how, a.encouragement(e)))
	return errNotYet
}

// encouragement says what helps next.
func (a *app) encouragement(e hole.Exercise) string {
	if given := a.progress.Hints[e.ID]; given < len(e.Hints) {
		return fmt.Sprintf("You'll find it. If you are stuck: %s hint", a.goRun())
	}
	return "Read the hints once more: the last one is nearly the line."
}

// solved notes that an exercise is solved.
func (a *app) solved(e hole.Exercise) error {
	a.progress.Solved[e.ID] = true
	if err := a.progress.Save(); err != nil {
		return err
	}
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
