package hole

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Progress is what a reader has done. It is kept in a file, and losing that costs nothing
// but ticks.
type Progress struct {
	Last   string            `json:"last"`            // the id of the exercise that was started last
	Dirs   map[string]string `json:"dirs"`            // where each was started, by its id
	Solved map[string]bool   `json:"solved"`          // by id
	Hints  map[string]int    `json:"hints,omitempty"` // how many have been given
	path   string
}

// ReadProgress reads the file. If there is none, nothing has been done.
func ReadProgress(path string) (*Progress, error) {
	p := &Progress{Dirs: map[string]string{}, Solved: map[string]bool{}, Hints: map[string]int{}, path: path}
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

// Save writes the file, whole or not at all.
func (p *Progress) Save() error {
	text, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(p.path+".new", append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(p.path+".new", p.path)
}
