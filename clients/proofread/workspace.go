package proofread

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

const rootModule = "example.com/concurrent-network-server"

// Modules returns the folders of the modules of go.work, without the root.
func Modules() ([]string, error) {
	data, err := os.ReadFile("go.work")
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork("go.work", data, nil)
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, use := range work.Use {
		if use.Path != "." {
			dirs = append(dirs, strings.TrimPrefix(use.Path, "./"))
		}
	}
	if len(dirs) == 0 {
		return nil, errors.New("go.work uses no module")
	}
	return dirs, nil
}

// Readmes returns the paths of the repository's Markdown files. What is in my belongs to the
// reader.
func Readmes() ([]string, error) {
	var paths []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (path == ".git" || path == "my") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			paths = append(paths, path)
		}
		return err
	})
	if err == nil && len(paths) == 0 {
		err = errors.New("there is no Markdown file")
	}
	return paths, err
}

// Watch lets Go's test cache know the files of a folder: see chapters.Watch.
func Watch(dir string) error { return chapters.Watch(dir) }
