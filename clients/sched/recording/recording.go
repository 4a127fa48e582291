// Package recording plays a scenario with a chapter's server and records an execution trace of
// the server meanwhile.
package recording

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
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

const (
	// settleTime is for the server to begin to listen, and to hear that its clients have left.
	settleTime = 20 * time.Millisecond

	// writeTime is for the server to write the end of a trace.
	writeTime = 10 * time.Second
)

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
	if runtime.GOOS == "windows" {
		return nil, errors.New("not available on Windows, where a program inherits no pipes (use WSL)")
	}
	t, server, err := start(ctx, program, run.Flags)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	defer t.close()
	defer context.AfterFunc(ctx, t.close)()
	text, err := t.record(func() (trace.Run, error) {
		run.Begin = time.Now()
		err := play(ctx, server.Addr, &run)
		run.End = time.Now()
		return run, err
	})
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	return text, server.Explain(err)
}

// A tap is this end of the pipes to the tracer.
type tap struct{ orders, out *os.File }

// start starts a server with the tracer in it.
func start(ctx context.Context, program string, flags []string) (tap, *chapters.Server, error) {
	theirOrders, orders, err := os.Pipe()
	if err != nil {
		return tap{}, nil, err
	}
	defer theirOrders.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		orders.Close()
		return tap{}, nil, err
	}
	defer theirOut.Close()
	t := tap{orders, out}
	server, err := chapters.StartWith(ctx, program, []*os.File{theirOrders, theirOut}, flags...)
	if err != nil {
		t.close()
	}
	return t, server, err
}

func (t tap) close() {
	t.orders.Close()
	t.out.Close()
}

// record returns the trace of what happens during play.
func (t tap) record(play func() (trace.Run, error)) ([]byte, error) {
	if _, err := io.WriteString(t.orders, "begin\n"); err != nil {
		return nil, err
	}
	header := make([]byte, 16) // it comes when the trace has begun
	if _, err := io.ReadFull(t.out, header); err != nil {
		return nil, fmt.Errorf("%w: it has not begun", trace.ErrCut)
	}
	text, done := bytes.NewBuffer(header), make(chan error, 1)
	go func() {
		_, err := text.ReadFrom(t.out)
		done <- err
	}()
	time.Sleep(settleTime)
	run, err := play()
	if err != nil {
		return nil, err
	}
	time.Sleep(settleTime)
	if err := t.tell(run); err != nil {
		return nil, err
	}
	select {
	case err = <-done:
		return text.Bytes(), err
	case <-time.After(writeTime):
		return nil, fmt.Errorf("%w: the server doesn't end it", trace.ErrCut)
	}
}

// longest is how much of a message is kept in a trace: maxTraceStringLen in the runtime.
const longest = 1024

// tell lets the tracer write into the trace what was recorded, and end it.
func (t tap) tell(run trace.Run) error {
	text, err := json.Marshal(run)
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(text, longest) {
		if _, err := fmt.Fprintf(t.orders, "%s\n", piece); err != nil {
			return err
		}
	}
	return t.orders.Close()
}
