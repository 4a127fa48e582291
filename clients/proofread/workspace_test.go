package proofread

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModules(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Modules()
	assert.ErrorIs(t, err, os.ErrNotExist)
	write(t, "go.work", "go 1.26.0\n\nuse (\n\t.\n\t./b\n\t./a\n)\n")
	assert.Equal(t, []string{"b", "a"}, must(Modules()))
	write(t, "go.work", "go 1.26.0\n\nuse .\n")
	_, err = Modules()
	assert.ErrorContains(t, err, "no module")
}

// TestReadmesOf proves that no README is overlooked, neither in a clone, where .git is a
// folder, nor in a worktree, where it is a file, and that the reader's own are left alone.
func TestReadmesOf(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Readmes()
	assert.ErrorContains(t, err, "no Markdown file")
	for _, path := range []string{"README.md", "sub/deep/a.md", "sub/b.txt", "my/copy/README.md"} {
		write(t, path, "")
	}
	want := []string{"README.md", filepath.FromSlash("sub/deep/a.md")}
	write(t, ".git", "")
	assert.Equal(t, want, must(Readmes()))
	require.NoError(t, os.Remove(".git"))
	write(t, ".git/sub/a.md", "")
	assert.Equal(t, want, must(Readmes()))
}
