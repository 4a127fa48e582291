package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"example.com/concurrent-network-server/clients/bench/report"
	"example.com/concurrent-network-server/clients/internal/load"
)

// A bench measures and takes notes.
type bench struct {
	options
	report *report.Report
	limits map[server]load.Limits
	notes  map[task]*notes
}

// A task is a scenario with a server.
type task struct {
	*scenario
	server server
}

// notes are what has been measured, run by run, or why it has not.
type notes struct {
	runs    []values
	unknown string // why some of the values are not there
	err     error
}

var errFailed = errors.New("not every server could be measured")

// run measures all servers in all scenarios, and then again: a noisy minute of the machine
// hits one run of all, and not all runs of one. It goes on after what fails.
func (b *bench) run(ctx context.Context, servers []server, scenarios []scenario) error {
	b.limits, b.notes = map[server]load.Limits{}, map[task]*notes{}
	var tasks []task
	for i := range scenarios {
		for _, s := range servers {
			if v, ok := s.(*variant); ok && v.scenario != scenarios[i].name {
				continue
			}
			t := task{&scenarios[i], s}
			tasks, b.notes[t] = append(tasks, t), &notes{}
		}
	}
	if err := b.measureAll(ctx, turns(tasks, b.runs)); err != nil {
		return err
	}
	var failed error
	for _, t := range tasks {
		failed = cmp.Or(b.conclude(t), failed)
	}
	return failed
}

// turns returns all tasks once, and then again, but none more often than it may be.
func turns(tasks []task, runs int) []task {
	var list []task
	for run := range runs {
		list = append(list, slices.DeleteFunc(slices.Clone(tasks), func(t task) bool { return run >= t.runs })...)
	}
	return list
}

// measureAll measures tasks in this order. What can't be measured once is not tried again.
func (b *bench) measureAll(ctx context.Context, turns []task) error {
	bar := newBar(len(turns))
	defer bar.Clear()
	for _, t := range turns {
		bar.Describe(fmt.Sprintf("%-11s %-22s", t.name, t.server))
		if n := b.notes[t]; n.err == nil {
			var run values
			run, n.err = b.measure(ctx, t)
			n.runs = append(n.runs, run)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		bar.Add(1)
	}
	return nil
}

// conclude reports a task's result. Something that isn't here has not failed.
func (b *bench) conclude(t task) (failed error) {
	n, result := b.notes[t], report.Result{Scenario: t.name, Server: t.server.String()}
	if n.err == nil {
		result.SetRuns(n.runs)
		result.Unknown = n.unknown
		if b.limits[t.server].OneRequest && t.name != "connections" {
			result.Note = "a connection each"
		}
	} else {
		result.Missing = n.err.Error()
		if !isNotHere(n.err) {
			failed = errFailed
		}
	}
	b.report.Results = append(b.report.Results, result)
	return failed
}

func newBar(steps int) *progressbar.ProgressBar {
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionFullWidth(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))), progressbar.OptionSetRenderBlankState(true))
}

// measure starts a server and runs a scenario with it.
func (b *bench) measure(ctx context.Context, t task) (values, error) {
	limits, err := b.limitsOf(ctx, t.server)
	if err != nil {
		return nil, err
	}
	instance, err := t.server.start(ctx)
	if err != nil {
		return nil, err
	}
	defer instance.stop()
	instance.Limits = limits
	limit := t.limit + b.duration
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	values, err := t.run(ctx, instance.Target, b.options)
	b.notes[t].unknown = unknown(t.name, instance.Target)
	if ctx.Err() == context.DeadlineExceeded || errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("it has not answered everything within %v", limit)
	}
	if isNotHere(err) {
		return nil, err
	}
	return values, instance.explain(err)
}

// probeTime is the limit for finding out what a server does not do.
const probeTime = 10 * time.Second

// limitsOf finds out, for each server once, how many clients it serves.
func (b *bench) limitsOf(ctx context.Context, s server) (load.Limits, error) {
	if limits, ok := b.limits[s]; ok {
		return limits, nil
	}
	instance, err := s.start(ctx)
	if err != nil {
		return load.Limits{}, err
	}
	defer instance.stop()
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	limits, err := load.Probe(ctx, instance.Addr, max(b.clients, b.primes+1))
	if err != nil {
		return limits, instance.explain(err)
	}
	b.limits[s] = limits
	return limits, nil
}
