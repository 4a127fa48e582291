package hole

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
)

// A wrong solution is a patch on the solution that a reader might have written, and that check must
// not call solved. Only ProveWrong reads it. Before the diff it says what is wrong, and last which
// test finds that:
//
//	Nobody waits for the clients when the listener fails.
//
//	TestListenerFailsWhileServing
type wrong struct {
	path  string
	test  string
	files files
}

// fewest is how many wrong solutions an exercise has at least: a check is as good as what it
// rejects.
const fewest = 4

var foundBy = regexp.MustCompile(`(?s)^\S.*\n\n((\w+\.)?Test\w+|FuzzParser)$`)

// wrongPaths returns the paths of the exercise's wrong solutions, which are not in the chapter,
// where readers would meet them.
func (e Exercise) wrongPaths() ([]string, error) {
	dir := filepath.Join(filepath.Dir(e.Chapter.Dir), "clients", "exercise", "testdata", "wrong")
	return filepath.Glob(filepath.Join(dir, e.ID+"-*.patch"))
}

// wrongs returns the wrong solutions, and reports those that don't fit or say too little, or that
// there are too few.
func (e Exercise) wrongs() ([]wrong, error) {
	paths, err := e.wrongPaths()
	if err != nil {
		return nil, err
	}
	var all []wrong
	var problems []error
	if len(paths) < fewest {
		problems = append(problems, fmt.Errorf("%d wrong solutions: %d are the fewest", len(paths), fewest))
	}
	for _, path := range paths {
		w, err := e.readWrong(path)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		all = append(all, w)
	}
	return all, errors.Join(problems...)
}

func (e Exercise) readWrong(path string) (wrong, error) {
	head, patches, err := readPatch(path)
	if err != nil {
		return wrong{}, err
	}
	match := foundBy.FindStringSubmatch(head)
	if match == nil {
		return wrong{}, fmt.Errorf("%s: it begins with what is wrong, an empty line, and the name of the test that finds it", path)
	}
	solved, err := e.solved()
	if err != nil {
		return wrong{}, err
	}
	changed, err := e.apply(path, patches, solved)
	maps.Copy(solved, changed)
	return wrong{path, match[1], solved}, err
}

// ProveWrong reports each wrong solution that its test lets pass.
func (e Exercise) ProveWrong(ctx context.Context) error {
	all, err := e.wrongs()
	problems := []error{err}
	for _, w := range all {
		problems = append(problems, e.proveWrong(ctx, w))
	}
	return errors.Join(append(problems, ctx.Err())...)
}

func (e Exercise) proveWrong(ctx context.Context, w wrong) error {
	name := strings.TrimSuffix(filepath.Base(w.path), ".patch")
	return e.try(ctx, name, w.files, []string{w.test}, func(attempt *Attempt) error {
		o, err := attempt.Test(ctx, w.test)
		if err == nil && o.State == Passed {
			err = fmt.Errorf("%s: %s lets it pass", name, w.test)
		}
		return err
	})
}
