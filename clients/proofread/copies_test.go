package proofread

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCopy(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "chapter01-one/a.go", "package main\n\nvar a int\n")
	write(t, "chapter02-two/b/a.go", "// Package b is.\npackage b\n\nvar a int\n")
	write(t, "chapter02-two/c/c.go", "package c\n")
	write(t, "chapter02-two/d/c.go", "package d\n")
	write(t, "chapter03-three/a.go", "package main\n\nvar a uint\n")
	write(t, "chapter03-three/c/b.go", "package c\n\nvar a int\nvar b int\n")
	write(t, "chapter04-four/b.go", "// Package main is\n// the same.\npackage main\n\nvar a int\n")
	write(t, "chapter04-four/a.go", "package main\n\nvar a int\n")
	write(t, "chapter04-four/b/a.go", "package b\n\nvar a uint\n")
	assert.NoError(t, Copy{"a.go", "12", ""}.Check())
	assert.NoError(t, Copy{"a.go", "14", ""}.Check())
	assert.ErrorContains(t, Copy{"a.go", "13", ""}.Check(), filepath.FromSlash("chapter03-three/a.go:3: differs"))
	assert.ErrorContains(t, Copy{"b.go", "34", ""}.Check(), filepath.FromSlash("chapter04-four/b.go:6: differs"))
	assert.ErrorContains(t, Copy{"b.go", "1", ""}.Check(), "b.go is not once in chapter 1")
	assert.ErrorContains(t, Copy{"c.go", "2", ""}.Check(), "c.go is not once in chapter 2")
	assert.ErrorContains(t, Copy{"a.go", "15", ""}.Check(), "a.go is not once in chapter 5")
}

func write(t *testing.T, path, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// TestDeclarations proves that declarations are compared with their comments and methods, and
// that the rest of the file does not matter.
func TestDeclarations(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "chapter01-one/a.go", "package main\n\n// A is.\ntype A int\n\nfunc (a *A) F() {} // does\n\nfunc g() {}\n")
	write(t, "chapter02-two/b/a.go", "package b\n\nimport \"fmt\"\n\nvar h = 1\n\n// A is.\ntype A int\n\nfunc (a *A) F() {} // does\n")
	write(t, "chapter03-three/a.go", "package main\n\n// A was.\ntype A int\n\nfunc (a *A) F() {} // doesn't\n")
	write(t, "chapter04-four/a.go", "package main\n\n// A is.\ntype A int\n\nfunc (a A) G() {}\n")
	assert.NoError(t, Copy{"a.go", "12", "A"}.Check())
	assert.NoError(t, Copy{"a.go", "12", "A.F"}.Check())
	err := Copy{"a.go", "13", "A"}.Check()
	assert.ErrorContains(t, err, filepath.FromSlash("chapter03-three/a.go:3: differs"))
	assert.ErrorContains(t, err, filepath.FromSlash("chapter03-three/a.go:6: differs"))
	err = Copy{"a.go", "14", "A"}.Check()
	assert.ErrorContains(t, err, "lacks A.F, which is in")
	assert.ErrorContains(t, err, "has A.G, which is not in")
	assert.ErrorContains(t, Copy{"a.go", "12", "A g"}.Check(), filepath.FromSlash("chapter02-two/b/a.go: lacks g"))
}

// TestCarry proves that a repair reaches the copies, and nothing else in their files.
func TestCarry(t *testing.T) {
	t.Chdir(t.TempDir())
	head := "// Package b is.\npackage b\n\nimport \"" + rootModule + "/chapter02-two/c\"\n"
	write(t, "chapter01-one/a.go", "package main\n\n// f is new.\nfunc f() {}\n\nfunc g() {}\n\ntype a int\n\nfunc (a) m() {}\n\nfunc own() {}\n")
	write(t, "chapter02-two/b/a.go", head+"\nfunc f() { old() }\n\nfunc (a) gone() {}\n\ntype a uint\n\nfunc other() {}\n")
	write(t, "chapter01-one/whole.go", "package main\n\nimport \""+rootModule+"/chapter01-one/c\"\n\nvar new c.C\n")
	write(t, "chapter02-two/b/whole.go", head+"\nvar old c.C\n")
	copies := []Copy{{"a.go", "12", "f g a"}, {"whole.go", "12", ""}}
	for _, c := range copies {
		assert.Error(t, c.Check())
		must(c.carry('1'))
		assert.NoError(t, c.Check())
		assert.Empty(t, must(c.carry('1')), "there is nothing more to carry")
	}
	got := must(os.ReadFile("chapter02-two/b/a.go"))
	assert.Equal(t, head+"\n// f is new.\nfunc f() {}\n\nfunc g() {}\n\n\ntype a int\n\nfunc (a) m() {}\n\nfunc other() {}\n", string(got))
	got = must(os.ReadFile("chapter02-two/b/whole.go"))
	assert.Equal(t, head+"\nvar new c.C\n", string(got))
}

func TestFirstDifference(t *testing.T) {
	assert.Equal(t, 2, firstDifference("a\nb\nc\n", "a\nx\nc\n"))
	assert.Equal(t, 3, firstDifference("a\nb", "a\nb\nc"))
	assert.Equal(t, 3, firstDifference("a\nb\nc", "a\nb"))
}

func TestWithoutNames(t *testing.T) {
	t.Chdir(t.TempDir())
	clean := func(text string) string {
		write(t, "a.go", text)
		text, _, err := withoutNames("chapter06-refactor", "a.go")
		require.NoError(t, err)
		return text
	}
	assert.Equal(t, "\n\nvar a int\n", clean("package main\n\nvar a int\n"))
	assert.Equal(t, "\n\nvar a int\n", clean("// Package b is.\npackage b\n\nvar a int\n"))
	assert.Equal(t, "//go:build unix\n\n\n\nvar a int\n", clean("//go:build unix\n\npackage b\n\nvar a int\n"))
	assert.Equal(t, "\n\nimport \""+rootModule+"/prime\"\n",
		clean("package b\n\nimport \""+rootModule+"/chapter06-refactor/prime\"\n"))
}
