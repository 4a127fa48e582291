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
	write := func(text string) { require.NoError(t, os.WriteFile("go.work", []byte(text), 0o644)) }
	write("go 1.26.0\n\nuse (\n\t.\n\t./b\n\t./a\n)\n")
	assert.Equal(t, []string{"b", "a"}, must(Modules()))
	write("go 1.26.0\n\nuse .\n")
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
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o644))
	}
	want := []string{"README.md", filepath.FromSlash("sub/deep/a.md")}
	require.NoError(t, os.WriteFile(".git", nil, 0o644))
	assert.Equal(t, want, must(Readmes()))
	require.NoError(t, os.Remove(".git"))
	require.NoError(t, os.MkdirAll(".git/sub", 0o755))
	require.NoError(t, os.WriteFile(".git/sub/a.md", nil, 0o644))
	assert.Equal(t, want, must(Readmes()))
}
