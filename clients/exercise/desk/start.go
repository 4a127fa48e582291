package desk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// ErrThere is why an exercise can't be started: there is something in the folder of its copy.
var ErrThere = errors.New("is there already, and stays as it is")

// Start makes a copy of an exercise in a folder, or in its own if there's no name. Nothing is
// overwritten: what is there is put aside, if the reader begins again.
func (d *Desk) Start(e hole.Exercise, dir string, again bool) (copy, aside string, err error) {
	if dir == "" {
		dir = filepath.Join(d.My, e.Label())
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", err
	}
	if isThere(dir) {
		if !again {
			return dir, "", ErrThere
		}
		aside = free(dir)
		if err := os.Rename(dir, aside); err != nil {
			return dir, "", err
		}
	}
	if err := e.Start(dir); err != nil {
		return dir, aside, err
	}
	_, err = d.Change(func(p *hole.Progress) { p.Last, p.Dirs[e.ID] = e.ID, dir })
	return dir, aside, err
}

// free returns a name like that of a folder, which nothing has.
func free(dir string) string {
	for n := 1; ; n++ {
		if name := fmt.Sprintf("%s.%d", dir, n); !isThere(name) {
			return name
		}
	}
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return !os.IsNotExist(err)
}
