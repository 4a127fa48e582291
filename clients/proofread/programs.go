package proofread

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
)

// Programs are what the transcripts run. Each is built once.
type Programs struct {
	dir   string
	mu    sync.Mutex
	built map[string]string // from the folder of the source
}

// NewPrograms returns no programs yet. They will be built into a folder, whose path is
// absolute.
func NewPrograms(dir string) *Programs {
	return &Programs{dir: dir, built: map[string]string{}}
}

// build returns the path of the program whose source is in the folder.
func (p *Programs) build(source string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	source = filepath.Clean(source)
	if path, ok := p.built[source]; ok {
		return path, nil
	}
	path := filepath.Join(p.dir, fmt.Sprintf("program%d", len(p.built)))
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = source
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v in %s: %w\n%s", cmd, source, err, out)
	}
	p.built[source] = path
	return path, nil
}
