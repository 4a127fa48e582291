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
	"time"
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
	return a.outcome(name, test, out), nil
}

// Rest runs the tests of all packages but for those that are named, and returns the first
// that does not pass, or an outcome that is Passed.
func (a *Attempt) Rest(ctx context.Context, without []string) (Outcome, error) {
	skip := map[string][]string{}
	for _, name := range a.without(without) {
		folder, test, err := a.where.find(name)
		if err != nil {
			return Outcome{}, err
		}
		top, _, _ := strings.Cut(test, "/")
		skip[folder] = append(skip[folder], pattern(top))
	}
	for _, folder := range a.where.folders() {
		args := []string{"-test.short", "-test.failfast"}
		if len(skip[folder]) > 0 {
			args = append(args, "-test.skip", strings.Join(skip[folder], "|"))
		}
		out, err := a.run(ctx, folder, restLimit, restPatience, args...)
		if err != nil {
			return Outcome{}, err
		}
		if o := a.outcome("", "", out); o.State != Passed {
			return o, nil
		}
	}
	return Outcome{State: Passed}, nil
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
	err := cmd.Run()
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
