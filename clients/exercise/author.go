package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// chosen returns the exercises that the arguments name, or all.
func (a *app) chosen(o options) ([]hole.Exercise, error) {
	if len(o.args) == 0 {
		return a.desk.Exercises, nil
	}
	var list []hole.Exercise
	for _, id := range o.args {
		e, err := hole.Find(a.desk.Exercises, id)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// prove holds the exercises to what they say, some at a time: a test that fails because
// nothing comes waits most of its time.
func (a *app) prove(ctx context.Context, o options) error {
	list, err := a.chosen(o)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var failed error
	say := func(title string, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			a.screen.Print("✓ " + title)
			return
		}
		failed = errNotYet
		a.screen.Print("✗ " + title)
		a.screen.Print(indent(err.Error())...)
	}
	var group errgroup.Group
	group.SetLimit(3 * runtime.NumCPU())
	chapter := 0
	for _, e := range list {
		if e.Chapter.Unavailable() != "" {
			continue
		}
		if solution := "the solutions of chapter " + e.Chapter.String(); o.all && (e.Chapter.Number != chapter || e.IsTask()) {
			if e.IsTask() {
				solution = "the solution of " + e.ID
			}
			chapter = e.Chapter.Number
			group.Go(func() error {
				say(solution, e.ProveSolution(ctx))
				return nil
			})
		}
		group.Go(func() error {
			if o.wrong {
				say("the wrong solutions of "+e.ID+" "+e.Title, e.ProveWrong(ctx))
			} else {
				say(e.ID+" "+e.Title, e.Prove(ctx, o.all))
			}
			return nil
		})
	}
	group.Wait()
	return errors.Join(failed, ctx.Err())
}

// renew makes the patches fit that do not any more, and names those that can't be made to.
func (a *app) renew(_ context.Context, o options) error {
	list, err := a.chosen(o)
	if err != nil {
		return err
	}
	var problems []error
	for _, e := range list {
		switch changed, err := e.Renew(); {
		case err != nil:
			a.screen.Print("✗ " + e.ID + " " + e.Title)
			a.screen.Print(indent(err.Error())...)
			problems = append(problems, errNotYet)
		case changed:
			a.screen.Print("✓ " + e.ID + " " + e.Title + ": made anew")
		}
	}
	a.screen.Print(fmt.Sprintf("%d of %d patches fit. exercise prove shows whether the holes still make sense.", len(list)-len(problems), len(list)))
	return errors.Join(problems...)
}
