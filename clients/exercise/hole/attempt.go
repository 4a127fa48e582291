package hole

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An Attempt is somebody's solution, with the chapter's tests, compiled.
type Attempt struct {
	Restored bool // whether the attempt's tests differed from the chapter's
	module   string
	dir      string   // a temporary copy
	programs string   // the folder of the compiled tests, one for each package
	open     []string // the files that the exercise is about, with slashes
	where    tests
	compiled []string      // folders
	missing  tests         // those that this system does not compile
	limit    time.Duration // for one test
	patience time.Duration // of the client in one test
}

// A CompileError is what the compiler says about an attempt, with paths in its folder.
type CompileError struct{ Output string }

func (e *CompileError) Error() string { return e.Output }

// NewAttempt compiles what is in a folder, in a copy below tmp in which the tests are those
// of the chapter. The folder is left alone. If names are given, only the packages of these
// tests are compiled. It returns a CompileError if that fails.
func (e Exercise) NewAttempt(ctx context.Context, dir, tmp string, names ...string) (*Attempt, error) {
	a := &Attempt{dir: filepath.Join(tmp, "code"), programs: filepath.Join(tmp, "programs"), limit: testLimit, patience: patience}
	code, err := readFiles(dir, isCode)
	if err != nil {
		return nil, err
	}
	own := maps.Clone(code)
	maps.DeleteFunc(own, func(path, _ string) bool { return !isTest(path) })
	maps.DeleteFunc(code, func(path, _ string) bool { return isTest(path) })
	tests, err := e.testFiles()
	if err != nil {
		return nil, err
	}
	solution, err := e.Solution()
	for name := range solution {
		a.open = append(a.open, filepath.ToSlash(name))
	}
	if err != nil {
		return nil, err
	}
	if a.module, err = modulePath(e.Chapter.Dir); err != nil {
		return nil, err
	}
	if err := errors.Join(writeFiles(a.dir, code), writeFiles(a.dir, tests), e.fillHidden(a.dir, a.module)); err != nil {
		return nil, err
	}
	a.Restored = !maps.Equal(own, tests)
	if a.where, a.missing, err = findTests(a.dir); err != nil {
		return nil, err
	}
	packages, err := a.where.packages(a.without(names))
	if err != nil {
		return nil, err
	}
	return a, a.compile(ctx, packages)
}

// without returns the names but for those of tests that this system does not compile.
func (a *Attempt) without(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), a.isMissing)
}

func (a *Attempt) isMissing(name string) bool {
	_, _, err := a.missing.find(name)
	return err == nil
}

// compile compiles the test of each package, if that is not done yet. The paths of the copy are kept out of the
// result, so that the compiler's cache knows the package in another copy.
func (a *Attempt) compile(ctx context.Context, packages []string) error {
	packages = slices.DeleteFunc(slices.Clone(packages), func(folder string) bool { return slices.Contains(a.compiled, folder) })
	if len(packages) == 0 {
		return nil
	}
	for _, folder := range packages {
		if err := addLimit(filepath.Join(a.dir, folder)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(a.programs, 0o755); err != nil {
		return err
	}
	args := []string{"test", "-c", "-trimpath", "-ldflags=-s -w", "-o", a.programs + string(filepath.Separator)}
	for _, folder := range packages {
		args = append(args, "./"+filepath.ToSlash(folder))
	}
	var out bytes.Buffer
	cmd := a.goCommand(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := runGuarded(cmd)
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return &CompileError{compilerLines(out.String(), a.module)}
	}
	a.compiled = append(a.compiled, packages...)
	return err
}

// goCommand returns a command that runs go in the copy, which stands alone.
func (a *Attempt) goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.WaitDelay = time.Second
	return cmd
}

// compilerLines drops the names of packages from what go says, and the module's from paths.
func compilerLines(out, module string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "FAIL")
	})
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "./"), module+"/")
	}
	return strings.Join(lines, "\n")
}
