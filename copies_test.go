package workbook

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// copies are the files that chapters share by copying: a repair in one copy has to
// reach all.
var copies = []struct{ name, chapters string }{
	{"prime.go", "123456789"},
	{"prime_test.go", "123456789"},
	{"golden_test.go", "123456789"},
	{"client_test.go", "123456789"},
	{"shutdown_test.go", "1234"},
	{"gate_test.go", "123489"},
	{"bubble_test.go", "123489"},
	{"accept_test.go", "123489"},
	{"protocol.go", "23456789"},
	{"protocol_test.go", "23456789"},
	{"blackbox_test.go", "23456789"},
	{"handler.go", "234"},
	{"handler.go", "789"},
	{"handler_test.go", "234789"},
	{"concurrent_test.go", "3456789"},
	{"descriptors_test.go", "567"},
	{"start_other_test.go", "567"},
	{"signal_linux_test.go", "567"},
	{"example_test.go", "6789"},
	{"purity_test.go", "6789"},
	{"poller.go", "67"},
	{"poller_test.go", "67"},
	{"spin.go", "67"},
	{"poll.go", "67"},
	{"epoll_linux.go", "67"},
	{"alarm.go", "67"},
	{"sockets.go", "67"},
	{"io_linux.go", "67"},
	{"io_other.go", "67"},
	{"clients.go", "89"},
	{"drain_test.go", "89"},
	{"server_test.go", "89"},
}

// TestCopies compares every copy with the first.
func TestCopies(t *testing.T) {
	for _, file := range copies {
		t.Run(file.name+" in "+file.chapters, func(t *testing.T) {
			first, want := "", ""
			for _, dir := range chapters(t) {
				if number := strings.TrimPrefix(dir, "chapter0")[:1]; !strings.Contains(file.chapters, number) {
					continue
				}
				path := find(t, dir, file.name)
				got := withoutNames(t, dir, path)
				if first == "" {
					first, want = path, got
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-) differs from %s (+):\n%s", first, path, diff)
				}
			}
		})
	}
}

func chapters(t *testing.T) []string {
	dirs, err := filepath.Glob("chapter0?-*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	return dirs
}

// find returns the path of a file of a chapter, which is in the chapter's folder or in
// that of a package.
func find(t *testing.T, dir, name string) string {
	found, err := filepath.Glob(filepath.Join(dir, name))
	require.NoError(t, err)
	inPackages, err := filepath.Glob(filepath.Join(dir, "*", name))
	require.NoError(t, err)
	found = append(found, inPackages...)
	require.Len(t, found, 1, "%s in %s", name, dir)
	return found[0]
}

// withoutNames returns the text of a file without what the copies may differ in: the
// package clause and the chapter's name in import paths.
func withoutNames(t *testing.T, dir, path string) string {
	return strings.ReplaceAll(withoutPackage(t, path), rootModule+"/"+filepath.Base(dir), rootModule)
}

// withoutPackage returns the text of a file without its package clause, whose comment
// goes with it.
func withoutPackage(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.PackageClauseOnly|parser.ParseComments)
	require.NoError(t, err)
	begin := file.Package
	if file.Doc != nil {
		begin = file.Doc.Pos()
	}
	return string(text[:fset.Position(begin).Offset]) + string(text[fset.Position(file.Name.End()).Offset:])
}

func TestWithoutPackage(t *testing.T) {
	t.Chdir(t.TempDir())
	clean := func(text string) string {
		require.NoError(t, os.WriteFile("a.go", []byte(text), 0o644))
		return withoutPackage(t, "a.go")
	}
	assert.Equal(t, "\n\nvar a int\n", clean("package main\n\nvar a int\n"))
	assert.Equal(t, "\n\nvar a int\n", clean("// Package b is.\npackage b\n\nvar a int\n"))
	assert.Equal(t, "//go:build unix\n\n\n\nvar a int\n", clean("//go:build unix\n\npackage b\n\nvar a int\n"))
}
