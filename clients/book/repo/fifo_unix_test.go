//go:build unix

package repo

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFIFO: a FIFO in the clone is no file of the book, and nobody waits for what comes out of it.
func TestFIFO(t *testing.T) {
	dir := t.TempDir()
	holetest.Write(t, filepath.Join(dir, "chapter", "main.go"), "package main\n")
	for _, name := range []string{"pipe.go", "chapter/pipe.go"} {
		require.NoError(t, syscall.Mkfifo(filepath.Join(dir, name), 0o644))
	}
	fsys, err := Open(dir)
	require.NoError(t, err)
	_, err = Source(fsys, "pipe.go")
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = fs.ReadFile(fsys, "pipe.go")
	assert.ErrorIs(t, err, fs.ErrNotExist)
	names, err := Code(fsys, "chapter")
	assert.NoError(t, err)
	assert.Equal(t, []string{"main.go"}, names)
}
