package hole

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// How long a test's client waits for the server, from when it connects: less in the tests of
// the exercise, where a server that says nothing is to be expected.
const (
	patience     = 4 * time.Second
	restPatience = 30 * time.Second
)

// Limits of one process.
const (
	testLimit  = 20 * time.Second // for one test
	proveLimit = time.Minute      // the same where all cores have other holes to try
	restLimit  = 4 * time.Minute  // for all others of a package
)

// Test runs one test, in a process of its own.
func (a *Attempt) Test(ctx context.Context, name string) (Outcome, error) {
	if a.isMissing(name) {
		return Outcome{Test: name, State: Skipped}, nil
	}
	folder, test, err := a.where.find(name)
	if err != nil {
		return Outcome{}, err
	}
	out, err := a.run(ctx, folder, a.limit, a.patience, "-test.run", pattern(test))
	if err != nil {
		return Outcome{}, err
	}
	return a.withPromise(folder, a.outcome(name, test, out)), nil
}

// Rest compiles and runs the tests of all packages but for those that are named, some processes
// side by side, and returns the first outcome that is not good, or one that is Passed.
func (a *Attempt) Rest(ctx context.Context, without []string) (Outcome, error) {
	if err := a.compile(ctx, a.where.folders()); err != nil {
		return Outcome{}, err
	}
	shares, err := a.shares(without)
	if err != nil {
		return Outcome{}, err
	}
	var mu sync.Mutex
	bad := Outcome{State: Passed}
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(2 * runtime.NumCPU()) // they wait more than they compute
	for _, s := range shares {
		group.Go(func() error {
			o, err := a.runShare(running, s)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && o.State != Passed && bad.State == Passed {
				bad, err = o, errEnough
			}
			return err
		})
	}
	if err := group.Wait(); err != nil && bad.State == Passed {
		return Outcome{}, err
	}
	return bad, ctx.Err()
}

// errEnough ends the other processes when one test has failed.
var errEnough = errors.New("one test has failed")

func (a *Attempt) runShare(ctx context.Context, s share) (Outcome, error) {
	out, err := a.run(ctx, s.folder, restLimit, restPatience, "-test.short", "-test.failfast", "-test.run", anyOf(s.tests), "-test.skip", s.skip)
	if err != nil {
		return Outcome{}, err
	}
	return a.withPromise(s.folder, a.outcome("", "", out)), nil
}

// A share is what one process does of a package's tests.
type share struct {
	folder string
	tests  []string
	skip   string // as -test.skip has it
}

// longest are tests that take as long as all others of their package, and how they are divided.
var longest = map[string][]share{
	repeats:             {{tests: []string{repeats}, skip: pattern(busy)}, {tests: []string{busy}}},
	"TestThreeRequests": {{tests: []string{"TestThreeRequests"}}},
}

// shares divides the tests of each package, but for those that are named. The tests that take
// long are not side by side in the files, so taking turns is fair; some take as long as all others.
func (a *Attempt) shares(without []string) ([]share, error) {
	skip := map[string]bool{}
	for _, name := range a.without(without) {
		folder, test, err := a.where.find(name)
		if err != nil {
			return nil, err
		}
		top, _, _ := strings.Cut(test, "/")
		skip[folder+"."+top] = true
	}
	var all []share
	for _, folder := range a.where.folders() {
		turns := make([][]string, 1+min(len(a.where[folder])/10, 2*runtime.NumCPU()))
		for i, test := range a.where[folder] {
			if skip[folder+"."+test] {
				continue
			}
			for _, s := range longest[test] {
				s.folder = folder
				all = append(all, s)
			}
			if longest[test] == nil {
				turns[i%len(turns)] = append(turns[i%len(turns)], test)
			}
		}
		for _, tests := range turns {
			if len(tests) > 0 {
				all = append(all, share{folder: folder, tests: tests})
			}
		}
	}
	return all, nil
}

// output is what a process has printed, and how it has ended.
type output struct {
	stdout, stderr string
	status         int
}

// run runs the compiled tests of a package.
func (a *Attempt) run(ctx context.Context, folder string, limit, patience time.Duration, args ...string) (output, error) {
	// The process ends itself. It is ended if it can't even do that.
	hard, cancel := context.WithTimeout(ctx, limit+5*time.Second)
	defer cancel()
	args = append([]string{"-test.v", "-test.count=1", "-test.timeout=0"}, args...)
	cmd := exec.CommandContext(hard, a.program(folder), args...)
	cmd.Dir = filepath.Join(a.dir, folder)
	cmd.Env = append(os.Environ(), limitVariable+"="+limit.String(), patienceVariable+"="+patience.String())
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := runGuarded(cmd)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return output{}, ctx.Err()
	case hard.Err() != nil:
		return output{stdout.String(), stderr.String(), limitStatus}, nil
	case err != nil && !errors.As(err, &exit):
		return output{}, err
	}
	return output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}, nil
}

// runGuarded runs a command. What it has started ends with it, and with this program.
func runGuarded(cmd *exec.Cmd) error {
	end, err := chapters.Guard(cmd)
	if err != nil {
		return err
	}
	defer end()
	return cmd.Run()
}

// program returns the path of the compiled test of a package. Go names it after the last
// element of the package's path.
func (a *Attempt) program(folder string) string {
	name := folder
	if folder == "." {
		name = a.module
	}
	path := filepath.Join(a.programs, filepath.Base(name)+".test")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}
