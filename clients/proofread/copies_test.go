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
	write := func(path, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	write("chapter01-one/a.go", "package main\n\nvar a int\n")
	write("chapter02-two/b/a.go", "// Package b is.\npackage b\n\nvar a int\n")
	write("chapter03-three/a.go", "package main\n\nvar a uint\n")
	write("chapter03-three/c/b.go", "package c\n\nvar a int\nvar b int\n")
	write("chapter04-four/b.go", "// Package main is\n// the same.\npackage main\n\nvar a int\n")
	write("chapter04-four/a.go", "package main\n\nvar a int\n")
	write("chapter04-four/b/a.go", "package b\n\nvar a int\n")
	assert.NoError(t, Copy{"a.go", "12"}.Check())
	assert.ErrorContains(t, Copy{"a.go", "13"}.Check(), filepath.FromSlash("chapter03-three/a.go:3: differs"))
	assert.ErrorContains(t, Copy{"b.go", "34"}.Check(), filepath.FromSlash("chapter04-four/b.go:6: differs"))
	assert.ErrorContains(t, Copy{"b.go", "1"}.Check(), "b.go is not once in chapter 1")
	assert.ErrorContains(t, Copy{"a.go", "14"}.Check(), "a.go is not once in chapter 4")
	assert.ErrorContains(t, Copy{"a.go", "15"}.Check(), "a.go is not once in chapter 5")
}

func TestFirstDifference(t *testing.T) {
	assert.Equal(t, 2, firstDifference("a\nb\nc\n", "a\nx\nc\n"))
	assert.Equal(t, 3, firstDifference("a\nb", "a\nb\nc"))
	assert.Equal(t, 3, firstDifference("a\nb\nc", "a\nb"))
}

func TestWithoutNames(t *testing.T) {
	t.Chdir(t.TempDir())
	clean := func(text string) string {
		require.NoError(t, os.WriteFile("a.go", []byte(text), 0o644))
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
