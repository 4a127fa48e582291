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
	if _, err := e.patches(); err != nil {
		return false, err
	}
	paths, err := e.wrongPaths()
	if err != nil {
		return false, err
	}
	var problems []error
	for _, path := range append([]string{e.Path(".patch")}, paths...) {
		renewed, err := e.renew(path)
		changed = changed || renewed
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", filepath.Base(path), err))
		}
	}
	return changed, errors.Join(problems...)
}

func (e Exercise) renew(path string) (changed bool, err error) {
	head, files, err := readPatch(path)
	if err != nil {
		return false, err
	}
	if _, err := e.apply(path, files); err == nil {
		return false, nil
	}
	var patch strings.Builder
	if head != "" {
		patch.WriteString(head + "\n\n")
	}
	for _, f := range files {
		source, err := os.ReadFile(filepath.Join(e.Chapter.Dir, f.OldName))
		if err != nil {
			return false, err
		}
		hole, err := dig(string(source), f)
		if err != nil {
			return false, fmt.Errorf("%s: %w", f.OldName, err)
		}
		patch.WriteString(diff.Unified(f.OldName, string(source), hole))
	}
	return true, os.WriteFile(path, []byte(patch.String()), 0o644)
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
