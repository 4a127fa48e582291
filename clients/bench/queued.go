package main

import (
	"context"
	"errors"
	"strings"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/load"
)

// A queued is chapter 9 beyond one machine.
type queued struct {
	chapters.Chapter
	tmp string
}

func (q *queued) String() string { return q.Chapter.String() + ", -queue" }

var errNotQueued = errors.New("the server made long checks itself")

func (q *queued) start(ctx context.Context) (instance, error) {
	server, err := q.StartQueued(ctx, q.tmp)
	if err != nil {
		return instance{}, err
	}
	explain := func(err error) error {
		if err == nil && strings.Contains(server.Log(), "long checks are made here") {
			return errNotQueued
		}
		return server.Explain(err)
	}
	return instance{load.Target{Addr: server.Addr, PID: server.PID}, explain, server.Stop}, nil
}
