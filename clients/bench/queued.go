package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/load"
)

// A queued is chapter 9 beyond one machine: its server, a broker, and a checker for each
// core, though all of them are on this machine.
type queued struct {
	chapters.Chapter
	tmp string
}

func (q *queued) String() string { return q.Chapter.String() + ", -queue" }

var errNotQueued = errors.New("the server made long checks itself")

func (q *queued) start(ctx context.Context) (instance, error) {
	var all programs
	server, err := q.startAll(ctx, &all)
	if err != nil {
		all.stop()
		return instance{}, err
	}
	explain := func(err error) error {
		if err == nil && strings.Contains(server.Log(), "long checks are made here") {
			return errNotQueued
		}
		return server.Explain(err)
	}
	return instance{load.Target{Addr: server.Addr, PID: server.PID}, explain, all.stop}, nil
}

// startAll starts the programs in the order in which they need each other.
func (q *queued) startAll(ctx context.Context, all *programs) (*chapters.Server, error) {
	dir, err := os.MkdirTemp(q.tmp, "queue")
	if err != nil {
		return nil, err
	}
	broker, err := all.start(ctx, q.source("broker"), q.tmp, "-addr", "127.0.0.1:0", "-dir", dir)
	if err != nil {
		return nil, err
	}
	url := "nats://" + broker.Addr
	for range runtime.NumCPU() {
		if _, err := all.start(ctx, q.source("checker"), q.tmp, "-queue", url, "-workers", "1"); err != nil {
			return nil, err
		}
	}
	return all.start(ctx, q.source("."), q.tmp, "-addr", "127.0.0.1:0", "-queue", url)
}

// source returns the folder of a program.
func (q *queued) source(program string) string { return filepath.Join(q.Dir, "beyond", program) }

// programs are those that run.
type programs []*chapters.Server

func (p *programs) start(ctx context.Context, source, tmp string, args ...string) (*chapters.Server, error) {
	program, err := chapters.Build(ctx, source, tmp)
	if err != nil {
		return nil, err
	}
	s, err := chapters.StartCommand(ctx, program, args...)
	if err == nil {
		*p = append(*p, s)
	}
	return s, err
}

// stop ends the last first.
func (p *programs) stop() {
	for i := len(*p) - 1; i >= 0; i-- {
		(*p)[i].Stop()
	}
}
