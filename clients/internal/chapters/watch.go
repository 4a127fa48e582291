package chapters

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Watch opens each file of a folder, for a test that starts programs which read them, or are
// made from them. Go's test cache remembers which files a test has opened and runs the test
// again when one of them, or what a folder holds, has changed. It would not notice what only
// the programs have read.
func Watch(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return file.Close()
	})
}
