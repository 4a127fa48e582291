package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/report"
)

// A bench measures and takes notes.
type bench struct {
	options
	report *report.Report
	limits map[subject]load.Limits
	notes  map[task]*notes
}

// A task is a scenario with a server.
type task struct {
	scenario string
	subject  subject
}

// notes are what has been measured, run by run, or why it has not.
type notes struct {
	runs []map[string]float64
	err  error
}

var errFailed = errors.New("not every server could be measured")

// run measures all subjects in all scenarios, and then again: a noisy minute of the machine
// hits one run of all, and not all runs of one. It goes on after what fails.
func (b *bench) run(ctx context.Context, subjects []subject, scenarios []scenario) error {
	b.limits, b.notes = map[subject]load.Limits{}, map[task]*notes{}
	steps := 0
	for _, scenario := range scenarios {
		steps += min(b.runs, scenario.runs) * len(subjects)
	}
	bar := newBar(steps)
	defer bar.Clear()
	for run := range b.runs {
		for _, scenario := range scenarios {
			if run >= scenario.runs {
				continue
			}
			for _, subject := range subjects {
				bar.Describe(fmt.Sprintf("%-11s %-22s", scenario.name, subject))
				b.once(ctx, subject, scenario)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				bar.Add(1)
			}
		}
	}
	return b.conclude(subjects, scenarios)
}

// once measures one run, unless an earlier one could not be measured.
func (b *bench) once(ctx context.Context, s subject, scenario scenario) {
	t := task{scenario.name, s}
	n := b.notes[t]
	if n == nil {
		n = &notes{}
		b.notes[t] = n
	}
	if n.err != nil {
		return
	}
	run, err := b.measure(ctx, s, scenario)
	n.runs, n.err = append(n.runs, run), err
}

// conclude reports each task's result.
func (b *bench) conclude(subjects []subject, scenarios []scenario) error {
	var failed error
	for _, scenario := range scenarios {
		for _, s := range subjects {
			n := b.notes[task{scenario.name, s}]
			result := report.Result{Scenario: scenario.name, Server: s.String()}
			if n.err != nil {
				result.Missing = n.err.Error()
				if !isNotHere(n.err) {
					failed = errFailed
				}
			} else {
				result.SetRuns(n.runs)
				if b.limits[s].OneRequest && scenario.name != "connections" {
					result.Note = "a connection each"
				}
			}
			b.report.Results = append(b.report.Results, result)
		}
	}
	return failed
}

func newBar(steps int) *progressbar.ProgressBar {
	var out io.Writer = os.Stderr
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		out = io.Discard
	}
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(out), progressbar.OptionFullWidth(),
		progressbar.OptionSetRenderBlankState(true))
}

// measure starts a server and runs a scenario with it.
func (b *bench) measure(ctx context.Context, s subject, scenario scenario) (values, error) {
	limits, err := b.limitsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	instance, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	defer instance.stop()
	instance.Limits = limits
	limit := scenario.limit + b.duration
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	values, err := scenario.run(ctx, instance.Target, b.options)
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

// limitsOf finds out, for each subject once, how many clients it serves.
func (b *bench) limitsOf(ctx context.Context, s subject) (load.Limits, error) {
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
