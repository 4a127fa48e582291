package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/tour/timeline"
)

// A tour visits the chapters one after another.
type tour struct {
	screen *terminal.Screen
	tmp    string        // for the programs
	svg    bool          // whether to write the pictures
	span   time.Duration // how long a script is expected to take: as long as the last
	stops  []stop
}

// A stop is what the tour has seen in a chapter.
type stop struct {
	chapter  chapters.Chapter
	timeline timeline.Timeline
	missing  string // why there is no timeline, if there is none
}

const (
	firstSpan = 2 * time.Second // for the first chapter

	// headStart gives the server time to begin with LongPrime's request. Without it,
	// Echo may be greeted before, and the picture would change from run to run.
	headStart = 5 * time.Millisecond
)

var errFailed = errors.New("not every chapter has answered")

// run visits the chapters. It goes on after one that fails.
func (t *tour) run(ctx context.Context, list []chapters.Chapter) error {
	t.screen.Print(timeline.Legend(t.screen.Width())...)
	var failed error
	for _, c := range list {
		t.screen.Print("", terminal.Bold("Chapter "+c.String()))
		if err := t.screen.Err(); err != nil {
			return err
		}
		if reason := c.Unavailable(); reason != "" {
			t.fail(c, reason)
			continue
		}
		if err := t.visit(ctx, c); ctx.Err() != nil {
			return errors.New("interrupted")
		} else if err != nil {
			t.fail(c, err.Error())
			failed = errFailed
		}
	}
	if len(t.stops) > 1 {
		t.screen.Print("")
		t.screen.Print(table(t.stops)...)
	}
	return cmp.Or(t.screen.Err(), failed)
}

func (t *tour) fail(c chapters.Chapter, reason string) {
	t.screen.Print(terminal.Failed(strings.Join(terminal.Wrap("  "+reason, t.screen.Width()), "\n")))
	t.stops = append(t.stops, stop{chapter: c, missing: reason})
}

// visit builds a chapter, runs it and draws what the clients see.
func (t *tour) visit(ctx context.Context, c chapters.Chapter) error {
	t.screen.Redraw([]string{"  building"})
	program, err := c.Build(ctx, t.tmp)
	if err != nil {
		return err
	}
	server, err := chapters.Start(ctx, program)
	if err != nil {
		return err
	}
	defer server.Stop()
	seen, err := t.watch(ctx, server.Addr)
	if err != nil {
		return server.Explain(err)
	}
	t.stops = append(t.stops, stop{chapter: c, timeline: seen})
	t.screen.Print(terminal.Wrap("  "+note(c.Number), t.screen.Width())...)
	if t.svg {
		return seen.Picture(fmt.Sprintf("Chapter %d: %s", c.Number, c.Name)).Save(filepath.Join(c.Dir, "timeline.svg"))
	}
	return nil
}

// watch plays the script and draws it while it goes on.
func (t *tour) watch(ctx context.Context, addr string) (timeline.Timeline, error) {
	seen, begin := timeline.New(), time.Now()
	events, done := play(ctx, addr)
	tick := time.NewTicker(time.Second / 20)
	defer tick.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.finish(ctx, seen)
				return seen, <-done
			}
			seen.Observe(e)
		case <-tick.C:
			now := time.Since(begin)
			t.screen.Redraw(t.lines(seen, now, max(t.span, now)))
		}
	}
}

// finish draws what stays, unless the user has had enough.
func (t *tour) finish(ctx context.Context, seen timeline.Timeline) {
	if ctx.Err() == nil {
		t.span = seen.End()
		t.screen.Print(t.lines(seen, t.span, t.span)...)
	}
}

// play plays the script. The events end before the result comes.
func play(ctx context.Context, addr string) (<-chan script.Event, <-chan error) {
	events, done := make(chan script.Event), make(chan error, 1)
	go func() {
		done <- script.Run(ctx, addr, headStart, func(e script.Event) { events <- e })
		close(events)
	}()
	return events, done
}

func (t *tour) lines(seen timeline.Timeline, now, span time.Duration) []string {
	lines := seen.Text(t.screen.Width()-2, now, span)
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	return lines
}
