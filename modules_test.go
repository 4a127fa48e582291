package workbook

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

const rootModule = "example.com/concurrent-network-server"

// modules returns the folders of the modules of go.work, without the root.
func modules(t *testing.T) []string {
	data, err := os.ReadFile("go.work")
	require.NoError(t, err)
	work, err := modfile.ParseWork("go.work", data, nil)
	require.NoError(t, err)
	var dirs []string
	for _, use := range work.Use {
		if use.Path != "." {
			dirs = append(dirs, strings.TrimPrefix(use.Path, "./"))
		}
	}
	require.NotEmpty(t, dirs)
	return dirs
}

// watch opens each file of the folder. Go's test cache remembers which files a test
// has opened and runs the test again when one of them, or what a folder holds, has
// changed. Without watch, a changed chapter would leave this module's result cached.
func watch(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return file.Close()
	})
	require.NoError(t, err)
}

// TestEveryModuleIsUsed proves that no module of the repository is left untested.
func TestEveryModuleIsUsed(t *testing.T) {
	files, err := filepath.Glob("*/go.mod")
	require.NoError(t, err)
	var dirs []string
	for _, file := range files {
		dirs = append(dirs, filepath.Dir(file))
	}
	assert.ElementsMatch(t, dirs, modules(t))
}

// TestModulePaths proves that each module has a path of its own, after its folder,
// and that it stands alone: it needs no other module of the repository.
func TestModulePaths(t *testing.T) {
	for _, dir := range modules(t) {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		require.NoError(t, err)
		file, err := modfile.Parse(filepath.Join(dir, "go.mod"), data, nil)
		require.NoError(t, err)
		assert.Equal(t, rootModule+"/"+dir, file.Module.Mod.Path)
		assert.Empty(t, file.Replace, dir)
		for _, require := range file.Require {
			assert.NotContains(t, require.Mod.Path, rootModule, dir)
		}
	}
}
