package hole

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"

	"example.com/concurrent-network-server/clients/internal/diff"
)

// Renew makes the exercise's patches anew, those of its wrong solutions too, if the chapter has
// changed around them. It fails if the lines that one replaces are not there any more.
func (e Exercise) Renew() (changed bool, err error) {
	own, over := e.Path(".patch"), files(nil)
	if e.IsTask() {
		own = e.taskPath("solution.patch")
		over, err = e.Hole()
	} else {
		_, _, err = e.patches()
	}
	if err != nil {
		return false, err
	}
	changed, err = e.renew(own, over)
	problems := []error{err}
	paths, err := e.wrongPaths()
	if err == nil && e.IsTask() {
		over, err = e.solved()
	}
	problems = append(problems, err)
	for _, path := range paths {
		other, err := e.renew(path, over)
		changed = changed || other
		problems = append(problems, err)
	}
	return changed, errors.Join(problems...)
}

// renew makes one patch anew.
func (e Exercise) renew(path string, over files) (changed bool, err error) {
	head, patches, err := readPatch(path)
	if err != nil {
		return false, err
	}
	if _, err := e.apply(path, patches, over); err == nil {
		return false, nil
	}
	var patch strings.Builder
	if head != "" {
		patch.WriteString(head + "\n\n")
	}
	for _, f := range patches {
		text, err := e.redrawn(f, over)
		if err != nil {
			return false, fmt.Errorf("%s: %s: %w", filepath.Base(path), f.NewName, err)
		}
		patch.WriteString(text)
	}
	return true, os.WriteFile(path, []byte(patch.String()), 0o644)
}

// redrawn returns what a patch does to a file, where the lines are now.
func (e Exercise) redrawn(f *gitdiff.File, over files) (string, error) {
	if f.IsNew { // it fits anywhere
		return f.String(), nil
	}
	source, err := e.source(filepath.FromSlash(f.NewName), over)
	if err != nil {
		return "", err
	}
	hole, err := dig(source, f)
	return diff.Unified(f.NewName, source, hole), err
}

// dig makes the hole wherever its lines are now.
func dig(code string, f *gitdiff.File) (string, error) {
	for _, fragment := range f.TextFragments {
		moved, err := replace(code, fragment)
		if err != nil {
			return "", err
		}
		code = moved
	}
	return code, nil
}

// replace replaces the lines of a fragment, with as much of the context around them as is
// still the same.
func replace(code string, fragment *gitdiff.TextFragment) (string, error) {
	for less := range diff.Around + 1 {
		before, after := sides(fragment, int64(less))
		if before != "" && strings.Count("\n"+code, "\n"+before) == 1 {
			return strings.TrimPrefix(strings.Replace("\n"+code, "\n"+before, "\n"+after, 1), "\n"), nil
		}
	}
	removed, _ := sides(fragment, max(fragment.LeadingContext, fragment.TrailingContext))
	return "", fmt.Errorf("these lines are not there any more, or not once; make the hole by hand:\n%s", removed)
}

// sides returns the lines of a fragment before and after it has been applied, with fewer
// lines of context at both ends.
func sides(fragment *gitdiff.TextFragment, less int64) (before, after string) {
	begin := min(less, fragment.LeadingContext)
	end := int64(len(fragment.Lines)) - min(less, fragment.TrailingContext)
	for _, line := range fragment.Lines[begin:end] {
		if line.Old() {
			before += line.Line
		}
		if line.New() {
			after += line.Line
		}
	}
	return before, after
}
