package desk

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// A File is one that the solution of an exercise changes.
type File struct {
	Name   string
	Before string // where the exercise begins
	Book   string // the solution
	Own    string // the reader's, with other exercises' holes filled
	IsOwn  bool   // whether the reader has it: it may have been deleted, or moved
}

// Solution returns the files of a solution, in the order of their names, beside those of a copy.
func Solution(e hole.Exercise, dir string) ([]File, error) {
	begin, err := e.Hole()
	if err != nil {
		return nil, err
	}
	book, err := e.Solution()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range slices.Sorted(maps.Keys(book)) {
		f := File{Name: filepath.ToSlash(name), Book: book[name]}
		if f.Before, err = e.Before(name, begin); err != nil {
			return nil, err
		}
		if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			f.IsOwn = true
			if f.Own, err = e.Filled(name, strings.ReplaceAll(string(text), "\r\n", "\n")); err != nil {
				return nil, err
			}
		}
		files = append(files, f)
	}
	return files, nil
}
