// Command sched shows what Go's scheduler does in a server of the workbook: it plays a
// scenario, records an execution trace of the server, and draws it.
//
//	sched chapter [-scenario name] [-from time] [-for time] [-svg file] [-o file] [-- flags of the server]
//	sched file [-from time] [-for time] [-svg file]
//
// The file is a trace that -o has kept. It exits with 2 if there is nothing to be drawn.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/ending"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/sched/drawing"
	"example.com/concurrent-network-server/clients/sched/recording"
	"example.com/concurrent-network-server/clients/sched/trace"
)

const failed = 2 // the exit status

// options are what the user asks for.
type options struct {
	what         string // the number of a chapter, or a file
	scenario     string
	svg, keep    string
	from, length time.Duration
	server       []string // flags
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("sched: ")
	o, err := parse(os.Args[1:])
	if err == flag.ErrHelp {
		os.Exit(0)
	}
	if err == nil {
		ctx, stop := ending.Context()
		defer stop()
		err = o.run(ctx, terminal.Stdout())
	}
	if err != nil {
		log.Print(err)
		os.Exit(failed)
	}
}

// parse takes flags before and after the chapter. Those after -- are the server's.
func parse(args []string) (options, error) {
	var o options
	if i := slices.Index(args, "--"); i >= 0 {
		args, o.server = args[:i], args[i+1:]
	}
	flags := flag.NewFlagSet("sched", flag.ContinueOnError)
	flags.StringVar(&o.scenario, "scenario", "script", "what the clients do, one of "+recording.Names)
	flags.DurationVar(&o.from, "from", 0, "draw from this `time` on")
	flags.DurationVar(&o.length, "for", 0, "draw for this `long` (0: to the end)")
	flags.StringVar(&o.svg, "svg", "", "also draw it into this `file`, as a picture")
	flags.StringVar(&o.keep, "o", "", "keep the trace in this `file`")
	for err := flags.Parse(args); ; err = flags.Parse(flags.Args()[1:]) {
		if err != nil || flags.NArg() == 0 {
			return o, err
		}
		if o.what != "" {
			return o, fmt.Errorf("what is %s? Flags of the server come after --", flags.Arg(0))
		}
		o.what = flags.Arg(0)
	}
}

func (o options) run(ctx context.Context, screen *terminal.Screen) error {
	t, err := o.read(ctx, screen)
	if err != nil {
		return err
	}
	w, err := o.window(t)
	if err != nil {
		return err
	}
	if o.svg != "" { // first, as nobody may be reading the rest
		if err := w.Picture().Save(o.svg); err != nil {
			return err
		}
	}
	screen.Print(w.Text(screen.Width())...)
	screen.Print("")
	screen.Print(w.Table()...)
	for _, note := range []string{t.Note, w.Missing} {
		if note != "" {
			screen.Print(terminal.Wrap(note, screen.Width())...)
		}
	}
	if o.keep != "" {
		screen.Print("The trace is in " + o.keep + ". Go's own view of it: go tool trace " + o.keep)
	}
	return screen.Err()
}

// read returns the trace that there is, or one of a chapter.
func (o options) read(ctx context.Context, screen *terminal.Screen) (*trace.Trace, error) {
	number, err := strconv.Atoi(o.what)
	switch {
	case o.what == "":
		return nil, errors.New("which chapter? Give its number, from 1 to 9")
	case err == nil:
		return o.record(ctx, screen, number)
	case o.keep != "" || len(o.server) > 0:
		return nil, fmt.Errorf("%s is a trace already: -o and flags of the server belong to a chapter", o.what)
	}
	text, err := os.ReadFile(o.what)
	if err != nil {
		return nil, err
	}
	t, err := trace.Read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.what, err)
	}
	return t, nil
}

func (o options) record(ctx context.Context, screen *terminal.Screen, number int) (*trace.Trace, error) {
	c, err := chapter(number)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "sched")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	screen.Redraw([]string{"building chapter " + c.String()})
	program, err := recording.Build(ctx, c, tmp)
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	if err != nil {
		return nil, err
	}
	screen.Redraw([]string{"recording chapter " + c.String()})
	text, err := recording.Record(ctx, c, program, o.scenario, o.server)
	screen.Redraw(nil)
	if err != nil {
		return nil, err
	}
	if o.keep != "" {
		if err := os.WriteFile(o.keep, text, 0o644); err != nil {
			return nil, err
		}
	}
	return trace.Read(bytes.NewReader(text))
}

func chapter(number int) (chapters.Chapter, error) {
	all, _, err := chapters.Find()
	if err != nil {
		return chapters.Chapter{}, err
	}
	if number == 0 {
		return chapters.Chapter{}, errors.New("there is no chapter 0")
	}
	list, err := chapters.Select(all, number)
	if err != nil {
		return chapters.Chapter{}, err
	}
	if reason := list[0].Unavailable(); reason != "" {
		return chapters.Chapter{}, errors.New(reason)
	}
	return list[0], nil
}

// window returns the part of the trace that the user wants to see.
func (o options) window(t *trace.Trace) (drawing.Window, error) {
	w := drawing.Window{Trace: t, Cast: t.Cast(), From: o.from, To: t.Length()}
	if o.length > 0 {
		w.To = min(w.To, o.from+o.length)
	}
	if o.from < 0 || o.length < 0 || w.From >= w.To {
		return w, fmt.Errorf("-from and -for: the scenario goes from 0s to %v", t.Length().Round(time.Millisecond))
	}
	return w, nil
}
