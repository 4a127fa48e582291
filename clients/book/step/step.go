// Package step finds what has changed between two chapters: which files are new, gone,
// moved or changed, and in those which lines, and in those which words.
package step

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// A Tree is the code of a chapter: its files by name, relative to the chapter's folder.
type Tree struct {
	Module string // the path of its Go module
	Files  map[string]string
}

// A Kind says what has become of a file.
type Kind string

// The kinds of files in a step.
const (
	Same    Kind = "same"
	Renamed Kind = "renamed" // the same but for the name of the module
	Changed Kind = "changed"
	Moved   Kind = "moved" // and perhaps changed
	Added   Kind = "added"
	Removed Kind = "removed"
)

// A File is a file on its way from one chapter to the next. Old is empty if it is added,
// New if it is removed.
type File struct {
	Kind     Kind
	Old, New string
	Hunks    []Hunk
}

// Name returns the file's name, in the later chapter if it is there.
func (f File) Name() string { return cmp.Or(f.New, f.Old) }

// A Part is what a file belongs to.
type Part int

// The parts of a chapter.
const (
	Server Part = iota
	Tests
	Modules // go.mod
)

// Part returns what the file belongs to.
func (f File) Part() Part {
	name := f.Name()
	switch {
	case path.Base(name) == "go.mod":
		return Modules
	case strings.HasSuffix(name, "_test.go"), strings.Contains("/"+name, "/testdata/"):
		return Tests
	}
	return Server
}

// Counts returns how many lines go and come.
func (f File) Counts() (removed, added int) {
	for _, h := range f.Hunks {
		for _, b := range h.Blocks {
			if !b.Same {
				old, new := b.Counts()
				removed, added = removed+old, added+new
			}
		}
	}
	return removed, added
}

// Compare returns the files of two chapters, sorted by what they belong to and by name.
func Compare(old, new Tree) []File {
	var files []File
	var gone, come []string
	for name := range old.Files {
		if _, ok := new.Files[name]; ok {
			files = append(files, compare(old, new, name, name))
		} else {
			gone = append(gone, name)
		}
	}
	for name := range new.Files {
		if _, ok := old.Files[name]; !ok {
			come = append(come, name)
		}
	}
	files = append(files, moves(old, new, gone, come)...)
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Part(), b.Part()), cmp.Compare(a.Name(), b.Name()))
	})
	return files
}

// compare compares a file of the old chapter with one of the new.
func compare(old, new Tree, from, to string) File {
	f := File{Kind: Changed, Old: from, New: to}
	a, b := old.Files[from], new.Files[to]
	switch {
	case from != to:
		f.Kind = Moved
	case a == b:
		f.Kind = Same
	case strings.ReplaceAll(a, old.Module, new.Module) == b:
		f.Kind = Renamed
	}
	if a != b {
		f.Hunks = hunks(to, a, b)
	}
	return f
}

// moves finds which of the files that are gone have come under another name.
func moves(old, new Tree, gone, come []string) []File {
	slices.Sort(gone)
	slices.Sort(come)
	var files []File
	for _, m := range likely(old, new, gone, come) {
		if slices.Contains(gone, m.from) && slices.Contains(come, m.to) {
			files = append(files, compare(old, new, m.from, m.to))
			gone = slices.DeleteFunc(gone, func(name string) bool { return name == m.from })
			come = slices.DeleteFunc(come, func(name string) bool { return name == m.to })
		}
	}
	for _, name := range gone {
		files = append(files, File{Removed, name, "", hunks(name, old.Files[name], "")})
	}
	for _, name := range come {
		files = append(files, File{Added, "", name, hunks(name, "", new.Files[name])})
	}
	return files
}

type move struct {
	from, to string
	likeness float64
}

// likely returns the moves that are likely, the likeliest first. Half of the lines must
// be the same; a file that keeps its base name needs fewer.
func likely(old, new Tree, gone, come []string) []move {
	var list []move
	for _, from := range gone {
		for _, to := range come {
			l := likeness(strings.Split(old.Files[from], "\n"), strings.Split(new.Files[to], "\n"))
			if path.Base(from) == path.Base(to) {
				l += 0.2
			}
			if l >= 0.5 && path.Ext(from) == path.Ext(to) {
				list = append(list, move{from, to, l})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b move) int { return cmp.Compare(b.likeness, a.likeness) })
	return list
}

// likeness returns which part of a and b they have in common in any order: from 0 to 1.
func likeness[T comparable](a, b []T) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	count := map[T]int{}
	for _, x := range a {
		count[x]++
	}
	same := 0
	for _, x := range b {
		if count[x] > 0 {
			count[x]--
			same++
		}
	}
	return 2 * float64(same) / float64(len(a)+len(b))
}
