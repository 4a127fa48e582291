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
}

var errFailed = errors.New("not every server could be measured")

// run measures all subjects in one scenario after the other, so that those numbers which
// are compared are measured close together. It goes on behind what fails.
func (b *bench) run(ctx context.Context, subjects []subject, scenarios []scenario) error {
	b.limits = map[subject]load.Limits{}
	bar := newBar(len(subjects) * len(scenarios))
	defer bar.Clear()
	var failed error
	for _, scenario := range scenarios {
		for _, subject := range subjects {
			bar.Describe(fmt.Sprintf("%-11s %-22s", scenario.name, subject))
			values, err := b.measure(ctx, subject, scenario)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil && !isNotHere(err) {
				failed = errFailed
			}
			b.note(subject, scenario, values, err)
			bar.Add(1)
		}
	}
	return failed
}

// note takes down what has been measured, or why it has not.
func (b *bench) note(s subject, scenario scenario, values values, err error) {
	result := report.Result{Scenario: scenario.name, Server: s.String(), Values: values}
	switch {
	case err != nil:
		result.Values, result.Missing = nil, err.Error()
	case b.limits[s].OneRequest && scenario.name != "connections":
		result.Note = "a connection each"
	}
	b.report.Results = append(b.report.Results, result)
}

func newBar(steps int) *progressbar.ProgressBar {
	var out io.Writer = os.Stderr
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		out = io.Discard
	}
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(out), progressbar.OptionFullWidth(),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetRenderBlankState(true))
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
