// Command conform holds a server, in whatever language it is written, to the protocol of
// the workbook.
//
//	conform [-addr host:port] [-chapter number] [-run regexp] [flags]
//
// It exits with 0 if the server has kept all rules that were tried, 1 if it has broken one,
// and 2 if it could not be asked.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"time"

	"example.com/concurrent-network-server/clients/conform/cases"
	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// The exit codes.
const (
	kept     = 0
	broken   = 1
	notAsked = 2
)

// options are what the user asks for.
type options struct {
	addr                       string
	chapter, workers, pid      int
	run                        string
	list, short, json, verbose bool
	timeout                    time.Duration
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("conform: ")
	var o options
	flag.StringVar(&o.addr, "addr", "127.0.0.1:7878", "the `address` of the server")
	flag.IntVar(&o.chapter, "chapter", 0, "the `number` of the chapter whose promises the server makes; 0: it serves all clients at once")
	flag.IntVar(&o.workers, "workers", engine.DefaultWorkers, "how many `clients` the server of chapter 4 serves at a time")
	flag.IntVar(&o.pid, "pid", 0, "the process `id` of the server, to watch its memory, descriptors and CPU time")
	flag.StringVar(&o.run, "run", "", "try only the cases whose group/name matches the `regexp`")
	flag.BoolVar(&o.list, "list", false, "list the cases and try none")
	flag.BoolVar(&o.short, "short", false, "leave out the cases that take seconds")
	flag.BoolVar(&o.json, "json", false, "print a JSON object for each case")
	flag.BoolVar(&o.verbose, "v", false, "show each case, with the conversation")
	flag.DurationVar(&o.timeout, "timeout", 0, "how `long` the server may take to send the next bytes (0: by how quick it is)")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Printf("what is %s?", flag.Arg(0))
		os.Exit(notAsked)
	}
	code, err := o.examine(terminal.Stdout(), os.Stdout)
	if err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

// examine does what the user asks for, and returns the exit code.
func (o options) examine(screen *terminal.Screen, out io.Writer) (int, error) {
	profile, groups, left, err := o.selected()
	if err != nil {
		return notAsked, err
	}
	if o.list {
		screen.Print(list(groups)...)
		return kept, nil
	}
	subject, err := engine.Meet(o.addr, profile, engine.Options{PID: o.pid, Timeout: o.timeout, Short: o.short})
	if err != nil {
		return notAsked, fmt.Errorf("%s: %w", o.addr, err)
	}
	var r reporter = &textReporter{screen: screen, verbose: o.verbose}
	if o.json {
		r = &jsonReporter{out: out}
	}
	return run(subject, groups, left, r), nil
}

// selected returns what is to be tried, and what is left out.
func (o options) selected() (engine.Profile, []engine.Group, []engine.Result, error) {
	profile, err := o.profile()
	if err != nil {
		return profile, nil, nil, err
	}
	pattern, err := regexp.Compile(o.run)
	if err != nil {
		return profile, nil, nil, err
	}
	choice := engine.Choice{Profile: profile, Pattern: pattern, Short: o.short, Process: o.list || o.pid != 0}
	groups, left := choice.Select(cases.Groups())
	switch {
	case len(groups) > 0:
		return profile, groups, left, nil
	case len(left) > 0:
		return profile, nil, nil, fmt.Errorf("no case is left to try: %s", left[0].Skipped)
	}
	return profile, nil, nil, fmt.Errorf("no case for this server matches %q; see -list", o.run)
}

func (o options) profile() (engine.Profile, error) {
	switch {
	case o.workers < 2:
		return engine.Profile{}, fmt.Errorf("-workers must be at least 2")
	case o.timeout < 0:
		return engine.Profile{}, fmt.Errorf("-timeout must not be negative")
	}
	return engine.ForChapter(o.chapter, o.workers)
}

// A reporter tells of the cases.
type reporter interface {
	begin(s *engine.Server, cases int)
	try(g engine.Group, c engine.Case) // it begins
	result(r engine.Result)
	endGroup(g engine.Group)
	end(left []engine.Result) // left was not tried: it was left out, or the server serves nobody any more
}

// run asks the server all cases, unless it stops answering.
func run(s *engine.Server, groups []engine.Group, left []engine.Result, report reporter) (code int) {
	report.begin(s, count(groups))
	dead := ""
	for _, g := range groups {
		for _, c := range g.Cases {
			if dead != "" {
				left = append(left, engine.Result{Group: g, Case: c, Skipped: dead})
				continue
			}
			report.try(g, c)
			r := s.Examine(g, c)
			report.result(r)
			if r.Failure != nil {
				code = broken
			}
			if r.Dead {
				dead = "the server serves nobody since " + r.Name()
			}
		}
		report.endGroup(g)
	}
	report.end(left)
	return code
}

func count(groups []engine.Group) int {
	n := 0
	for _, g := range groups {
		n += len(g.Cases)
	}
	return n
}
