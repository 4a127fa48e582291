package hole

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Progress is what a reader has done. It is kept in a file, and losing that costs nothing
// but ticks.
type Progress struct {
	Last   string            `json:"last"`            // the id of the exercise that was started last
	Dirs   map[string]string `json:"dirs"`            // where each was started, by its id
	Solved map[string]bool   `json:"solved"`          // by id
	Hints  map[string]int    `json:"hints,omitempty"` // how many have been given
}

// ReadProgress reads the file. If there is none, nothing has been done.
func ReadProgress(path string) (*Progress, error) {
	p := &Progress{Dirs: map[string]string{}, Solved: map[string]bool{}, Hints: map[string]int{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, p)
	}
	if err != nil {
		return nil, fmt.Errorf("can't read your progress (delete %s to begin anew): %w", path, err)
	}
	return p, nil
}

// ChangeProgress changes what is in the file, and returns it. The file is written whole or not at all,
// and what another program changes meanwhile stays: the book may be open beside the terminal.
func ChangeProgress(path string, change func(*Progress)) (*Progress, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	unlock, err := lockedfile.MutexAt(path + ".lock").Lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	p, err := ReadProgress(path)
	if err != nil {
		return nil, err
	}
	change(p)
	text, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o644); err != nil {
		return nil, err
	}
	return p, os.Rename(path+".new", path)
}
