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
var copies = []struct {
	name     string
	chapters string // those that must have the file
	others   string // those that have another file of this name
}{
	{"prime.go", "123456789", ""},
	{"prime_test.go", "123456789", ""},
	{"golden_test.go", "123456789", ""},
	{"client_test.go", "123456789", ""},
	{"gate_test.go", "123456789", ""},
	{"protocol.go", "23456789", "1"},
	{"protocol_test.go", "23456789", ""},
	{"blackbox_test.go", "23456789", ""},
	{"handler.go", "234", "156789"},
	{"handler_test.go", "234", "56789"},
	{"bubble_test.go", "123489", ""},
	{"accept_test.go", "123489", ""},
	{"concurrent_test.go", "34", ""},
}

// TestCopies compares every copy with the first.
func TestCopies(t *testing.T) {
	for _, file := range copies {
		t.Run(file.name, func(t *testing.T) {
			first, want := "", ""
			for _, dir := range chapters(t) {
				number := strings.TrimPrefix(dir, "chapter0")[:1]
				path := find(dir, file.name)
				if strings.Contains(file.chapters, number) {
					require.NotEmpty(t, path, dir)
				}
				if path == "" || strings.Contains(file.others, number) {
					continue
				}
				got := withoutPackage(t, path)
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

// find returns the path of a file of a chapter. It is in the chapter's folder or in
// that of its package: prime_test.go may be prime/prime_test.go. It may be nowhere.
func find(dir, name string) string {
	pkg := strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test")
	for _, path := range []string{filepath.Join(dir, name), filepath.Join(dir, pkg, name)} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
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
