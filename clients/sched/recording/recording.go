// Package recording plays a scenario with a chapter's server and records an execution trace of
// the server meanwhile.
package recording

import (
	"context"
	_ "embed"
	"errors"
	"runtime"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// tracer is a file of the server's package main that only the compiler sees. What runs is the
// chapter's own code, and one goroutine beside it.
//
//go:embed tracer.go.txt
var tracer string

const tracerName = "zz_sched_tracer.go" // no chapter has such a file

// settleTime is for the server to begin to listen, and to hear that its clients have left.
const settleTime = 20 * time.Millisecond

// Unavailable returns why nothing can be recorded on this system, or nothing if it can.
func Unavailable() string {
	if runtime.GOOS == "windows" {
		return "not available on Windows, where a program inherits no pipes (use WSL)"
	}
	return ""
}

// Build builds a chapter's server with the tracer, in a folder for temporary files.
func Build(ctx context.Context, c chapters.Chapter, dir string) (program string, err error) {
	return c.BuildWith(ctx, dir, tracerName, tracer)
}

// Record starts the program that Build has made, with flags of the server's, plays a scenario,
// and returns the trace of it.
func Record(ctx context.Context, c chapters.Chapter, program, scenario string, flags []string) ([]byte, error) {
	play, err := find(scenario)
	if err != nil {
		return nil, err
	}
	run := trace.Run{Chapter: c.Number, Name: c.Name, Scenario: scenario, Flags: flags}
	return record(ctx, program, run, play)
}

func record(ctx context.Context, program string, run trace.Run, play scenario) ([]byte, error) {
	t, server, err := Start(ctx, program, run.Flags)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	defer t.Close()
	defer context.AfterFunc(ctx, t.Close)()
	text, err := t.during(&run, func() error { return play(ctx, server.Addr, &run) })
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	return text, server.Explain(err)
}

// during returns the trace of what happens during play.
func (t *Tap) during(run *trace.Run, play func() error) ([]byte, error) {
	if err := t.Begin(); err != nil {
		return nil, err
	}
	time.Sleep(settleTime)
	run.Begin = time.Now()
	if err := play(); err != nil {
		return nil, err
	}
	run.End = time.Now()
	return t.End(*run)
}
