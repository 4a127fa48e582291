package hole

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// A task brings something new to the chapter, whose code is its beginning. Its folder,
// exercises/testdata/N-name, is one that Go leaves alone:
//
//	start            files that the working copy has besides the chapter's, if there are any
//	tests            tests, which come with the task
//	solution.patch   what turns the beginning into a solution
//
// None of it is in the book.

// files are texts by their paths in a chapter.
type files = map[string]string

// taskPath returns the path of something in the exercise's folder, if it is a task.
func (e Exercise) taskPath(name string) string {
	return filepath.Join(e.Chapter.Dir, "exercises", "testdata", e.Name, name)
}

// IsTask reports whether the exercise adds to the chapter. Other than a hole it has a solution of its own.
func (e Exercise) IsTask() bool {
	return exists(e.taskPath("solution.patch")) && exists(e.taskPath("tests"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Hole returns the files in which the beginning differs from the chapter: those with the hole in
// them, or those that a task adds.
func (e Exercise) Hole() (files, error) {
	if e.IsTask() {
		return readFiles(e.taskPath("start"), func(string) bool { return true })
	}
	patches, _, err := e.patches()
	if err != nil {
		return nil, err
	}
	return e.apply(e.Path(".patch"), patches, nil)
}

// Solution returns the same files as the book has them, or those that the task's solution changes.
func (e Exercise) Solution() (files, error) {
	hole, err := e.Hole()
	if err != nil {
		return nil, err
	}
	if e.IsTask() {
		path := e.taskPath("solution.patch")
		_, patches, err := readPatch(path)
		if err != nil {
			return nil, err
		}
		return e.apply(path, patches, hole)
	}
	book := files{}
	for name := range hole {
		if book[name], err = e.source(name, nil); err != nil {
			return nil, err
		}
	}
	return book, nil
}

// Before returns a file as it was before the exercise's solution, given what Hole returns. It has no
// text if the solution adds it.
func (e Exercise) Before(name string, hole files) (string, error) {
	text, err := e.source(name, hole)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return text, err
}

// solved returns the files in which a copy with the solution differs from the chapter.
func (e Exercise) solved() (files, error) {
	hole, err := e.Hole()
	if err != nil {
		return nil, err
	}
	solution, err := e.Solution()
	maps.Copy(hole, solution)
	return hole, err
}

// testFiles returns the tests of an attempt: the chapter's, and those of the task.
func (e Exercise) testFiles() (files, error) {
	tests, err := readFiles(e.Chapter.Dir, isTest)
	if err != nil {
		return nil, err
	}
	tasks, err := readFiles(e.taskPath("tests"), isTest)
	maps.Copy(tests, tasks)
	return tests, err
}

// source returns the text of a file of the chapter, or the one that stands for it.
func (e Exercise) source(name string, over files) (string, error) {
	if text, ok := over[name]; ok {
		return text, nil
	}
	text, err := os.ReadFile(filepath.Join(e.Chapter.Dir, name))
	return unix(text), err
}

// unix returns a text without the carriage returns that an editor may have put there.
func unix(text []byte) string { return strings.ReplaceAll(string(text), "\r\n", "\n") }

// readFiles reads those files of a folder that are to be kept. A folder that is not there has none.
func readFiles(dir string, keep func(path string) bool) (files, error) {
	all := files{}
	err := eachFile(dir, func(path string) error {
		if !keep(path) {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = unix(text)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) && !exists(dir) {
		return all, nil
	}
	return all, err
}

// writeFiles writes texts into a folder.
func writeFiles(dir string, texts files) error {
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
