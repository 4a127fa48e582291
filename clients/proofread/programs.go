package proofread

import (
	"context"
	"path/filepath"
	"sync"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// Programs are what the transcripts run. Each is built once.
type Programs struct {
	dir   string
	mu    sync.Mutex
	built map[string]func() (string, error) // from the folder of the source
}

// NewPrograms returns no programs yet. They will be built into a folder, whose path is
// absolute.
func NewPrograms(dir string) *Programs {
	return &Programs{dir: dir, built: map[string]func() (string, error){}}
}

// build returns the path of the program whose source is in the folder.
func (p *Programs) build(source string) (string, error) {
	p.mu.Lock()
	source = filepath.Clean(source)
	build, ok := p.built[source]
	if !ok {
		build = sync.OnceValues(func() (string, error) { return chapters.Build(context.Background(), source, p.dir) })
		p.built[source] = build
	}
	p.mu.Unlock()
	return build()
}
