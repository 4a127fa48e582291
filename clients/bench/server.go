package main

import (
	"context"
	"errors"
	"fmt"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/load"
)

// A server is one that can be measured.
type server interface {
	String() string
	start(ctx context.Context) (instance, error)
}

// An instance is a server that runs.
type instance struct {
	load.Target
	explain func(error) error // makes more of an error that a client has met
	stop    func()
}

// A chapter is built once and started for each scenario: none inherits the memory or
// the connections of the one before.
type chapter struct {
	chapters.Chapter
	tmp      string
	program  string
	buildErr error
}

func (c *chapter) start(ctx context.Context) (instance, error) { return c.startWith(ctx) }

func (c *chapter) startWith(ctx context.Context, flags ...string) (instance, error) {
	if reason := c.Unavailable(); reason != "" {
		return instance{}, notHere(reason)
	}
	if c.program == "" && c.buildErr == nil {
		c.program, c.buildErr = c.Build(ctx, c.tmp)
	}
	if c.buildErr != nil {
		return instance{}, c.buildErr
	}
	return running(chapters.Start(ctx, c.program, flags...))
}

// running returns the instance that a server is, if there is no error.
func running(server *chapters.Server, err error) (instance, error) {
	if err != nil {
		return instance{}, err
	}
	target := load.Target{Addr: server.Addr, PID: server.PID}
	return instance{target, server.Explain, server.Stop}, nil
}

// A variant is a chapter with other flags, which make a difference in one scenario.
type variant struct {
	*chapter
	name, scenario string
	flags          []string
}

// pollers returns chapter 5 with the pollers that are not its default: a crowd tells them apart.
func pollers(c *chapter) []server {
	var list []server
	for _, poller := range []string{"poll", "spin"} {
		list = append(list, &variant{c, fmt.Sprint(c.Number, " with ", poller), "crowd", []string{"-poller", poller}})
	}
	return list
}

func (v *variant) String() string { return v.name }

func (v *variant) start(ctx context.Context) (instance, error) { return v.startWith(ctx, v.flags...) }

// A stranger is a server that somebody else has started.
type stranger struct {
	name, addr string
	pid        int
}

func (s *stranger) String() string { return s.name }

func (s *stranger) start(context.Context) (instance, error) {
	unchanged := func(err error) error { return err }
	return instance{load.Target{Addr: s.addr, PID: s.pid}, unchanged, func() {}}, nil
}

// A peer is a server of somebody else's that is started like a chapter.
type peer struct {
	name    string
	command []string
}

func (p *peer) String() string { return p.name }

func (p *peer) start(ctx context.Context) (instance, error) {
	return running(chapters.StartAt(ctx, p.command))
}

// notHere is why something can't be measured. Nothing has failed.
type notHere string

func (n notHere) Error() string { return string(n) }

func isNotHere(err error) bool {
	_, ok := errors.AsType[notHere](err)
	return ok
}
