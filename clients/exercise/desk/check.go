package desk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// A Result is what is known of a check so far.
type Result struct {
	Doing    string // what is going on; nothing if it is over
	Restored bool   // whether the copy's tests differ from the book's, which are used
	Compiler string // what the compiler complains of
	Tests    []Test // those that the exercise names
	Rest     *Test  // the first bad one of all others, or one without a name: all of them pass
}

// What is going on.
const (
	Compiling = "compiling"
	Testing   = "testing"
	TheRest   = "testing the rest of the chapter"
)

// A Test is one of those of the exercise. It has no outcome as long as it runs.
type Test struct {
	Name string
	*hole.Outcome
	Says string // what its outcome means, or what it proves
}

// Good reports whether a test has passed, or can't be run on this system.
func (t Test) Good() bool {
	return t.Outcome != nil && (t.State == hole.Passed || t.State == hole.Skipped)
}

// Solved reports whether everything is as it should be.
func (r Result) Solved() bool { return r.Rest != nil && r.Rest.Good() }

// Verdict says in a sentence how a check has ended that has not solved the exercise.
func (r Result) Verdict() string {
	good := 0
	for _, t := range r.Tests {
		if t.Good() {
			good++
		}
	}
	switch {
	case r.Compiler != "":
		return "It does not compile."
	case r.Rest != nil:
		return "The idea is there. Now something else in the chapter is broken."
	}
	return fmt.Sprintf("%d of %d.", good, len(r.Tests))
}

// errSkipped is why nobody knows whether an exercise is solved.
var errSkipped = errors.New("this system lacks what the tests need: they have been skipped")

// Check runs the tests that an exercise names on what is in a folder, and all others when these
// pass, and notes if it is solved. It tells what it knows whenever that is more, from one goroutine
// at a time.
func (d *Desk) Check(ctx context.Context, e hole.Exercise, dir string, tell func(Result)) (Result, error) {
	tmp, err := os.MkdirTemp("", "exercise")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(tmp)
	c := checking{e: e, tell: tell}
	err = c.run(ctx, dir, tmp)
	c.result.Doing = ""
	if compile, ok := errors.AsType[*hole.CompileError](err); ok {
		c.result.Compiler, err = compile.Output, nil
	}
	if err == nil && c.result.Solved() {
		_, err = d.Change(func(p *hole.Progress) { p.Solved[e.ID] = true })
	}
	return c.result, err
}

// checking is a check that is going on.
type checking struct {
	e      hole.Exercise
	tell   func(Result)
	mu     sync.Mutex
	result Result
}

// set changes what is known, and tells it.
func (c *checking) set(change func(*Result)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.result.Tests = slices.Clone(c.result.Tests)
	change(&c.result)
	c.tell(c.result)
}

func (c *checking) run(ctx context.Context, dir, tmp string) error {
	var names []string
	c.set(func(r *Result) {
		r.Doing = Compiling
		for _, test := range c.e.Tests {
			names = append(names, test.Name)
			r.Tests = append(r.Tests, Test{Name: test.Name})
		}
	})
	attempt, err := c.e.NewAttempt(ctx, dir, tmp, names...)
	if attempt != nil {
		c.set(func(r *Result) { r.Restored = attempt.Restored })
	}
	if err != nil {
		return err
	}
	c.set(func(r *Result) { r.Doing = Testing })
	if err := c.named(ctx, attempt); err != nil {
		return err
	}
	switch tests := c.result.Tests; {
	case !slices.ContainsFunc(tests, func(t Test) bool { return t.State != hole.Skipped }):
		return errSkipped
	case slices.ContainsFunc(tests, func(t Test) bool { return !t.Good() }):
		return nil
	}
	c.set(func(r *Result) { r.Doing = TheRest })
	rest, err := attempt.Rest(ctx, names)
	if err != nil {
		return err
	}
	c.set(func(r *Result) { r.Rest = &Test{rest.Test, &rest, says(rest, hole.Test{})} })
	return nil
}

// named runs the tests of the exercise side by side.
func (c *checking) named(ctx context.Context, attempt *hole.Attempt) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(2, runtime.NumCPU()))
	for i, test := range c.e.Tests {
		group.Go(func() error {
			o, err := attempt.Test(ctx, test.Name)
			if err != nil {
				return err
			}
			c.set(func(r *Result) { r.Tests[i] = Test{test.Name, &o, says(o, test)} })
			return nil
		})
	}
	return group.Wait()
}

// says returns what there is to say about a test that has not passed: what its message means, or
// what it proves.
func says(o hole.Outcome, test hole.Test) string {
	text := o.Promise
	if test.Message != "" && test.Explains(o) {
		text = test.Meaning
	}
	return strings.Join(strings.Fields(text), " ")
}
