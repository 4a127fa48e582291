package hole

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// A Place is where there is something to write, in the code with which the exercise begins.
type Place struct {
	File     string
	Line     int
	Function string
}

// Places returns the functions that the solution changes, in the order of the patch; of a task those
// in the files that it brings.
func (e Exercise) Places() ([]Place, error) {
	patches, _, err := e.patches()
	if e.IsTask() {
		_, patches, err = readPatch(e.taskPath("solution.patch"))
	}
	if err != nil {
		return nil, err
	}
	hole, err := e.Hole()
	if err != nil {
		return nil, err
	}
	begin, err := e.Begin()
	if err != nil {
		return nil, err
	}
	var places []Place
	for _, f := range patches {
		name := filepath.FromSlash(f.NewName)
		for _, line := range changed(f, e.IsTask()) {
			p := place(name, hole[name], begin[name], line)
			same := func(other Place) bool { return other.File == p.File && other.Function == p.Function }
			if p.Function != "" && !slices.ContainsFunc(places, same) {
				places = append(places, p)
			}
		}
	}
	return places, nil
}

// changed returns the lines at which a patch changes a file: their numbers before it or after it.
func changed(f *gitdiff.File, before bool) []int {
	var lines []int
	for _, fragment := range f.TextFragments {
		at := fragment.NewPosition
		if before {
			at = fragment.OldPosition
		}
		for _, line := range fragment.Lines {
			if line.Op != gitdiff.OpContext {
				lines = append(lines, int(at))
			}
			if before && line.Old() || !before && line.New() {
				at++
			}
		}
	}
	return lines
}

// place returns the function in which a line is, and the line's number in a version of the file in
// which the functions before it may be others. It has no function if that is outside of all, as an
// import is.
func place(name, code, shown string, line int) Place {
	_, all, _ := declarations(code)
	_, others, _ := declarations(shown)
	for function, d := range all {
		first, last := lineAt(code, d.from), lineAt(code, d.to)
		if strings.HasPrefix(d.code, "func ") && first <= line && line <= last {
			return Place{name, line - first + lineAt(shown, others[function].from), function}
		}
	}
	return Place{File: name}
}

func lineAt(text string, offset int) int { return strings.Count(text[:offset], "\n") + 1 }
