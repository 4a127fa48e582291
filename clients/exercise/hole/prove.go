package hole

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Prove reports what is wrong with an exercise: its patch has to fit, and each test that it
// names has to fail for the reason that it gives. Its wrong solutions have to fit too, though
// they are not tried. If all is true, Prove also tries what takes longer: the other tests, and go
// vet for other systems.
func (e Exercise) Prove(ctx context.Context, all bool) error {
	begin, err := e.Begin()
	if err != nil {
		return err
	}
	if _, err := e.wrongs(); err != nil {
		return err
	}
	tests := e.names()
	if all {
		tests = nil
	}
	err = e.try(ctx, "the hole", begin, tests, func(hole *Attempt) error {
		err := e.proveTests(ctx, hole)
		if all {
			err = errors.Join(err, e.proveOthers(ctx, hole))
		}
		if all && err == nil {
			err = hole.vet(ctx)
		}
		return err
	})
	if e.IsTask() {
		err = errors.Join(err, e.proveTask(ctx))
	}
	return err
}

// try compiles the chapter's code with some files replaced, and the packages of the named tests or
// all, for a function that runs some.
func (e Exercise) try(ctx context.Context, what string, others files, names []string, run func(*Attempt) error) error {
	tmp, err := os.MkdirTemp("", "exercise")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(tmp, "copy")
	if err := e.copyWith(dir, others); err != nil {
		return err
	}
	attempt, err := e.NewAttempt(ctx, dir, filepath.Join(tmp, "attempt"), names...)
	if compile, ok := errors.AsType[*CompileError](err); ok {
		return fmt.Errorf("%s does not compile: %w", what, compile)
	} else if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	attempt.limit = proveLimit
	return run(attempt)
}

// proveTests reports each named test that does not fail as the text says. On a busy machine
// a test's client may have lost its patience before: such a test has a second try.
func (e Exercise) proveTests(ctx context.Context, hole *Attempt) error {
	var problems []error
	for _, test := range e.Tests {
		o, err := hole.Test(ctx, test.Name)
		if err == nil && (o.State == Failed && !test.Explains(o) || o.State == Hung) {
			patient := *hole
			patient.limit, patient.patience = restLimit, restPatience
			o, err = patient.Test(ctx, test.Name)
		}
		switch {
		case err != nil || hole.isMissing(test.Name):
		case o.State == Passed:
			err = fmt.Errorf("%s passes with the hole: it proves nothing; name another test, or dig deeper", test.Name)
		case o.State != Failed:
			err = fmt.Errorf("%s has to fail, and %v: change the hole\n%s", test.Name, o.State, o.Details())
		case !test.Explains(o):
			err = fmt.Errorf("%s does not say %q, but:\n%s", test.Name, test.Message, o.Message)
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// repeats is a test that runs all others of chapters 5 to 7 with each poller. In a hole it
// fails with them, and takes as long as all of them.
const repeats = "TestEveryPoller"

// busy is the part of it that needs a core for itself.
const busy = repeats + "/spin"

// proveOthers reports tests that the text does not name and that fail, and tests that fail
// no more or not in order.
func (e Exercise) proveOthers(ctx context.Context, hole *Attempt) error {
	var problems []error
	for _, name := range e.Suffers {
		o, err := hole.Test(ctx, name)
		if err == nil && o.State != Failed && o.State != Skipped {
			err = fmt.Errorf("%s is said to fail too, and %v\n%s", name, o.State, o.Details())
		}
		problems = append(problems, err)
	}
	known := slices.Concat(e.names(), e.Suffers)
	if _, _, err := hole.where.find(repeats); err == nil {
		known = append(known, repeats)
	}
	o, err := hole.Rest(ctx, known)
	if err == nil && o.State != Passed { // what one test has left behind may be another's problem
		o, err = hole.each(ctx, known)
	}
	if err == nil && o.State != Passed {
		err = fmt.Errorf("%s %v, and the text does not say that it fails too\n%s", o.Test, o.State, o.Details())
	}
	return errors.Join(append(problems, err)...)
}

// each runs the tests but for those that are named, each in a process of its own, and
// returns the first that does not pass.
func (a *Attempt) each(ctx context.Context, without []string) (Outcome, error) {
	shares, err := a.shares(without)
	for _, s := range shares {
		for _, test := range s.tests {
			o, err := a.runShare(ctx, share{s.folder, []string{test}, s.skip})
			if err != nil || o.State != Passed {
				return o, err
			}
		}
	}
	return Outcome{State: Passed}, err
}

// ProveSolution reports what fails in the chapter itself, or in a task's solution, as check would. Nothing
// else looks at the latter, so it's vetted too, and its tests run with the race detector.
func (e Exercise) ProveSolution(ctx context.Context) error {
	return e.trySolution(ctx, func(solution *Attempt) (Outcome, error) {
		o, err := solution.Rest(ctx, nil)
		if err == nil && o.State == Passed && e.IsTask() {
			err = errors.Join(solution.vet(ctx), solution.race(ctx, e.taskPath("tests")))
		}
		return o, err
	})
}

// proveTask reports which of a task's own tests fail with its solution, which nothing else tests.
func (e Exercise) proveTask(ctx context.Context) error {
	names := slices.Concat(e.names(), e.Suffers)
	return e.trySolution(ctx, func(solution *Attempt) (Outcome, error) {
		for _, name := range names {
			if o, err := solution.Test(ctx, name); err != nil || o.State != Passed && o.State != Skipped {
				return o, err
			}
		}
		return Outcome{State: Passed}, nil
	}, names...)
}

// trySolution compiles the solution, with the packages of the named tests or all, and reports what it
// does not pass.
func (e Exercise) trySolution(ctx context.Context, test func(*Attempt) (Outcome, error), names ...string) error {
	solved, err := e.solved()
	if err != nil {
		return err
	}
	return e.try(ctx, "the solution", solved, names, func(solution *Attempt) error {
		o, err := test(solution)
		if err == nil && o.State != Passed {
			err = fmt.Errorf("%s %v in the solution\n%s", o.Test, o.State, o.Details())
		}
		return err
	})
}

// names returns the names of the tests of the exercise.
func (e Exercise) names() []string {
	var names []string
	for _, test := range e.Tests {
		names = append(names, test.Name)
	}
	return names
}

// vet runs go vet for all systems that the chapter is for.
func (a *Attempt) vet(ctx context.Context) error {
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := a.goCommand(ctx, "vet", "./...")
		cmd.Env = append(cmd.Env, "GOOS="+system)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go vet for %s: %w\n%s", system, err, out)
		}
	}
	return nil
}

// race runs a task's own tests with the race detector.
func (a *Attempt) race(ctx context.Context, dir string) error {
	own, _, err := findTests(dir)
	if err != nil {
		return err
	}
	for _, folder := range own.folders() {
		cmd := a.goCommand(ctx, "test", "-race", "-vet=off", "-count=1", "-run", anyOf(own[folder]), "./"+filepath.ToSlash(folder))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("with the race detector: %w\n%s", err, out)
		}
	}
	return nil
}

// squeeze makes white space unimportant.
func squeeze(s string) string { return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ") }

// Explains reports whether an outcome is the failure whose meaning the text gives.
func (t Test) Explains(o Outcome) bool {
	return o.State == Failed && strings.Contains(squeeze(o.Message), squeeze(t.Message))
}
