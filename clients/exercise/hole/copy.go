package hole

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// Start makes a working copy: the chapter's code with the hole in it, and a go.work of its
// own, because the one of the workbook does not know the copy.
func (e Exercise) Start(dir string) error {
	begin, err := e.Begin()
	if err != nil {
		return err
	}
	if err := e.copyWith(dir, begin); err != nil {
		return err
	}
	work := "go 1.26.0\n\nuse .\n"
	if root := e.workbook(dir); root != "" {
		work += "use " + root + " // so that go run " + root + "/clients/exercise works here\n"
	}
	return os.WriteFile(filepath.Join(dir, "go.work"), []byte(work), 0o644)
}

// workbook returns the way from a folder of the workbook to its root, the module of this
// program.
func (e Exercise) workbook(dir string) string {
	root := filepath.Dir(e.Chapter.Dir)
	inRoot, err := filepath.Rel(root, dir)
	if err != nil || !filepath.IsLocal(inRoot) {
		return ""
	}
	if !isModule(root) {
		return ""
	}
	way, err := filepath.Rel(dir, root)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(way)
}

// copyWith makes a copy of the chapter's code with some files replaced.
func (e Exercise) copyWith(dir string, others files) error {
	all, err := readFiles(e.Chapter.Dir, isCode)
	if err != nil {
		return err
	}
	tests, err := e.testFiles()
	if err != nil {
		return err
	}
	maps.Copy(all, tests)
	maps.Copy(all, others)
	return writeFiles(dir, all)
}

// isCode reports whether a file of a chapter is needed to work on it. The texts are not,
// and would give the solution away.
func isCode(path string) bool {
	name := filepath.Base(path)
	return !isExercise(path) && (filepath.Ext(name) == ".go" || name == "go.mod" || name == "go.sum" || isTest(path))
}

// isTest reports whether a file belongs to the tests.
func isTest(path string) bool {
	inTestdata := strings.Contains("/"+filepath.ToSlash(path), "/testdata/")
	return !isExercise(path) && (strings.HasSuffix(path, "_test.go") || inTestdata)
}

func isExercise(path string) bool { return strings.HasPrefix(filepath.ToSlash(path), "exercises/") }

// eachFile visits the regular files of a folder and of those in it, but for hidden ones and
// those of another module.
func eachFile(dir string, visit func(path string) error) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		local, err := filepath.Rel(dir, path)
		hidden := strings.HasPrefix(entry.Name(), ".") && local != "."
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || local != "." && isModule(path)):
			return filepath.SkipDir
		case hidden || !entry.Type().IsRegular():
			return nil
		}
		return visit(local)
	})
}

func isModule(dir string) bool { return exists(filepath.Join(dir, "go.mod")) }

// Stamp returns what changes when the code in a folder does: the names, sizes and times of its files.
func Stamp(dir string) string {
	h := fnv.New64a()
	err := eachFile(dir, func(path string) error {
		if !isCode(path) {
			return nil
		}
		info, err := os.Stat(filepath.Join(dir, path))
		if err == nil {
			fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return fmt.Sprint(h.Sum64(), err)
}
