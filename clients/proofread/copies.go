package proofread

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// A Copy is a file that is the same in several chapters. Each digit is a chapter.
type Copy struct{ name, chapters string }

// Copies are the files that chapters share by copying: a repair in one copy has to
// reach all.
var Copies = []Copy{
	{"prime.go", "123456789"},
	{"prime_test.go", "123456789"},
	{"check.go", "12345678"},
	{"golden_test.go", "123456789"},
	{"helper_test.go", "123456789"},
	{"helper_pipe_test.go", "123489"},
	{"helper_start_other_test.go", "567"},
	{"protocol.go", "23456789"},
	{"protocol_test.go", "23456789"},
	{"example_test.go", "6789"},
	{"purity_test.go", "6789"},
	{"handler.go", "234"},
	{"handler.go", "789"},
	{"handler_test.go", "234789"},
	{"server_accept_test.go", "123489"},
	{"server_clients_test.go", "3456789"},
	{"server_descriptors_test.go", "567"},
	{"server_drain_test.go", "89"},
	{"server_limits_test.go", "89"},
	{"server_sessions_test.go", "23456789"},
	{"server_stop_test.go", "1234"},
	{"server_stop_test.go", "567"},
	{"server_turns_test.go", "567"},
	{"poller.go", "67"},
	{"poller_test.go", "67"},
	{"poller_linux_test.go", "567"},
	{"spin.go", "67"},
	{"poll.go", "67"},
	{"epoll_linux.go", "67"},
	{"alarm.go", "67"},
	{"sockets.go", "67"},
	{"sockets_linux_test.go", "67"},
	{"io_linux.go", "67"},
	{"io_other.go", "67"},
	{"clients.go", "89"},
	{"conn.go", "89"},
}

// Check compares every copy with the first.
func (c Copy) Check() error {
	var problems []error
	var first, want string
	for _, number := range c.chapters {
		dir, path, err := find(number, c.name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		got, dropped, err := withoutNames(dir, path)
		switch {
		case err != nil:
			problems = append(problems, err)
		case first == "":
			first, want = path, got
		case got != want:
			problems = append(problems, fmt.Errorf("%s:%d: differs (+) from %s (-):\n%s",
				path, dropped+firstDifference(want, got), first, cmp.Diff(want, got)))
		}
	}
	return errors.Join(problems...)
}

// find returns the folder of a chapter, and the path of a file that is in it or in the
// folder of one of its packages.
func find(chapter rune, name string) (dir, path string, err error) {
	pattern := fmt.Sprintf("chapter0%c-*", chapter)
	inChapter, err := filepath.Glob(filepath.Join(pattern, name))
	if err != nil {
		return "", "", err
	}
	inPackages, err := filepath.Glob(filepath.Join(pattern, "*", name))
	if err != nil {
		return "", "", err
	}
	found := slices.Concat(inChapter, inPackages)
	if len(found) != 1 {
		return "", "", fmt.Errorf("%s is not once in chapter %c but in %q", name, chapter, found)
	}
	dir, _, _ = strings.Cut(filepath.ToSlash(found[0]), "/")
	return dir, found[0], nil
}

// firstDifference returns the number of the first line in which two texts differ.
func firstDifference(a, b string) int {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i == len(other) || line != other[i] {
			return i + 1
		}
	}
	return strings.Count(a, "\n") + 2
}

// withoutNames returns the text of a file without what the copies may differ in: the
// package clause and the chapter's name in import paths. It also returns how many lines
// it dropped.
func withoutNames(dir, path string) (text string, dropped int, err error) {
	text, dropped, err = withoutPackage(path)
	return strings.ReplaceAll(text, rootModule+"/"+dir, rootModule), dropped, err
}

// withoutPackage returns the text of a file without its package clause, whose comment
// goes with it, and the number of lines of that comment.
func withoutPackage(path string) (string, int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", 0, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return "", 0, err
	}
	begin := fset.Position(file.Package)
	dropped := 0
	if file.Doc != nil {
		begin = fset.Position(file.Doc.Pos())
		dropped = fset.Position(file.Package).Line - begin.Line
	}
	return string(text[:begin.Offset]) + string(text[fset.Position(file.Name.End()).Offset:]), dropped, nil
}
