// Command exercise gives the reader something to write, and checks it.
// What it can do, exercise help says: see usage. The exit status is 0 if the exercise is solved, 1 if
// it is not yet, and 2 if the program can't tell.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/ending"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// Exit statuses.
const (
	notYet  = 1
	cantRun = 2
)

// errNotYet ends the program with status 1. All has been said.
var errNotYet = errors.New("not yet")

func main() {
	ctx, stop := ending.Context()
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdin, terminal.Stdout())
	stop()
	switch {
	case errors.Is(err, errNotYet):
		os.Exit(notYet)
	case err != nil:
		fmt.Fprintln(os.Stderr, "exercise:", err)
		os.Exit(cantRun)
	}
}

// An app is one run of the program.
type app struct {
	desk     *desk.Desk
	progress *hole.Progress
	screen   *terminal.Screen
	in       io.Reader
}

// A command is what the first argument names.
type command struct {
	flags []string
	run   func(*app, context.Context, options) error
}

// options are what follows the name of a command.
type options struct {
	args                   []string
	dir                    string
	again, yes, all, wrong bool
}

var commands = map[string]command{
	"list":     {nil, (*app).list},
	"start":    {[]string{"dir", "again"}, (*app).start},
	"check":    {[]string{"dir"}, (*app).check},
	"watch":    {[]string{"dir"}, (*app).watch},
	"hint":     {nil, (*app).hint},
	"solution": {[]string{"dir", "yes"}, (*app).solution},
	"prove":    {[]string{"all", "wrong"}, (*app).prove},
	"renew":    {nil, (*app).renew},
}

func run(ctx context.Context, args []string, in io.Reader, screen *terminal.Screen) error {
	name := "list"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	c, known := commands[name]
	o, err := parse(name, c.flags, args)
	switch {
	case isHelp(name) || errors.Is(err, flag.ErrHelp):
		screen.Print(strings.TrimRight(usage, "\n"))
		return screen.Err()
	case !known:
		return fmt.Errorf("what is %q? exercise help shows what there is", name)
	case err != nil:
		return fmt.Errorf("%s: %w; exercise help shows what there is", name, err)
	}
	a, err := newApp(in, screen)
	if err != nil {
		return err
	}
	return errors.Join(c.run(a, ctx, o), a.screen.Err())
}

func isHelp(name string) bool {
	return name == "help" || name == "-h" || name == "-help" || name == "--help"
}

// parse reads the flags of a command, which may come before and after the number.
func parse(name string, known, args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, f := range known {
		switch f {
		case "dir":
			flags.StringVar(&o.dir, "dir", "", "the `folder` of the working copy, in place of one in my")
		case "again":
			flags.BoolVar(&o.again, "again", false, "put the copy that is there aside, and begin anew")
		case "yes":
			flags.BoolVar(&o.yes, "yes", false, "do not ask")
		case "all":
			flags.BoolVar(&o.all, "all", false, "what takes minutes too: other tests, solutions, other systems")
		case "wrong":
			flags.BoolVar(&o.wrong, "wrong", false, "try the wrong solutions, in place of the hole")
		}
	}
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if args = flags.Args(); len(args) == 0 {
			return o, nil
		}
		o.args, args = append(o.args, args[0]), args[1:]
	}
}

func newApp(in io.Reader, screen *terminal.Screen) (*app, error) {
	all, root, err := chapters.Find()
	if err != nil {
		return nil, err
	}
	a := &app{screen: screen, in: in}
	if a.desk, err = desk.Open(all, root); err != nil {
		return nil, err
	}
	a.progress, err = a.desk.Progress()
	return a, err
}

// one returns the exercise that the arguments name, or the one that was started last.
func (a *app) one(o options) (hole.Exercise, error) {
	switch {
	case len(o.args) > 1:
		return hole.Exercise{}, fmt.Errorf("one exercise at a time: what is %q?", o.args[1])
	case len(o.args) == 1:
		return hole.Find(a.desk.Exercises, o.args[0])
	case a.progress.Last == "":
		return hole.Exercise{}, errors.New("which one? exercise list shows all, exercise start begins with one")
	}
	return hole.Find(a.desk.Exercises, a.progress.Last)
}

// dir returns the folder of an exercise's working copy.
func (a *app) dir(e hole.Exercise, o options) (string, error) {
	if o.dir != "" {
		return filepath.Abs(o.dir)
	}
	return a.desk.Dir(e, a.progress), nil
}

// path returns a path in the form that is shown: short, and right in the current folder.
func (a *app) path(path string) string {
	if local, err := filepath.Rel(a.desk.My, path); err == nil && filepath.IsLocal(local) {
		path = filepath.Join(a.desk.Root, "my", local) // also if the folder is another, in a test
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil && len(relative) < len(path) {
		return relative
	}
	return path
}

// goRun is how the reader calls this program from the current folder.
func (a *app) goRun() string {
	here, err := os.Getwd()
	if err != nil {
		here = a.desk.Root
	}
	way, err := filepath.Rel(here, filepath.Join(a.desk.Root, "clients", "exercise"))
	if err != nil {
		way = "clients/exercise"
	}
	way = filepath.ToSlash(way)
	if !strings.HasPrefix(way, "../") {
		way = "./" + way
	}
	return "go run " + way
}
