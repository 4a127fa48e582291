package repo

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOutOfReach tries to get at what is no part of the book.
func TestOutOfReach(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	root := filepath.Join(dir, "workbook")
	for _, name := range []string{"a.md", ".git/config", "my/notes.md", ".env", "node_modules/a.js", ".ci/run", "chapter01-a/my.go"} {
		holetest.Write(t, filepath.Join(root, filepath.FromSlash(name)), "text")
	}
	holetest.Write(t, secret, "secret")
	linked := os.Symlink(secret, filepath.Join(root, "link.md")) == nil

	fsys, err := Open(root)
	require.NoError(t, err)
	for _, name := range []string{"a.md", ".ci/run", "chapter01-a/my.go"} {
		_, err := Source(fsys, name)
		assert.NoError(t, err, name)
	}
	for _, name := range []string{"../secret", "/etc/passwd", secret, ".git/config", "my/notes.md", ".env",
		"node_modules/a.js", "a.md/../../secret", "my", ".git", "chapter01-a"} {
		_, err := Source(fsys, name)
		assert.Error(t, err, name)
	}
	if linked {
		_, err = Source(fsys, "link.md")
		assert.Error(t, err, "a link that leads out of the folder")
	}
}

func TestNoText(t *testing.T) {
	fsys := Public(fstest.MapFS{
		"program": {Data: []byte("\x7fELF\x00\xff")},
		"zero":    {Data: []byte("a\x00b")},
		"large":   {Data: make([]byte, maxSize+1)},
		"text":    {Data: []byte("é")},
	})
	for _, name := range []string{"program", "zero", "large"} {
		_, err := Source(fsys, name)
		assert.ErrorIs(t, err, fs.ErrNotExist, name)
	}
	_, err := Source(fsys, "text")
	assert.NoError(t, err)
}

func TestCode(t *testing.T) {
	fsys := Public(fstest.MapFS{
		"chapter01-a/README.md":          {Data: []byte("# a")},
		"chapter01-a/main.go":            {Data: []byte("package main")},
		"chapter01-a/.hidden/x.go":       {Data: []byte("x")},
		"chapter01-a/timeline.svg":       {Data: []byte("<svg/>")},
		"chapter01-a/a/README.md":        {Data: []byte("x")},
		"chapter01-a/exercises/1-a.md":   {Data: []byte("x")},
		"chapter01-a/testdata/x.golden":  {Data: []byte("x")},
		"chapter01-a/chapter01-a":        {Data: []byte("\x7fELF\x00")},
		"chapter02-another/not-this-one": {Data: []byte("x")},
	})
	names, err := Code(fsys, "chapter01-a")
	require.NoError(t, err)
	assert.Equal(t, []string{"a/README.md", "main.go", "testdata/x.golden"}, names)
}
