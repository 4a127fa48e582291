package proofread

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// Programs are what the transcripts run. Each is made once.
type Programs struct {
	dir  string
	mu   sync.Mutex
	made map[string]func() (string, error) // from its source
}

// NewPrograms returns no programs yet. They will be built into a folder, whose path is
// absolute.
func NewPrograms(dir string) *Programs {
	return &Programs{dir: dir, made: map[string]func() (string, error){}}
}

// build returns the path of the program whose source is in the folder.
func (p *Programs) build(source string) (string, error) {
	return p.once(source, func(source string) (string, error) {
		return chapters.Build(context.Background(), source, p.dir)
	})
}

// shorten returns the path of a copy of the script of three whose long prime takes a quarter
// of the divisions, still many times what the other two replies take. The chapters' golden tests
// play the script with the prime itself.
func (p *Programs) shorten(source string) (string, error) {
	return p.once(source, func(source string) (string, error) {
		text, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		short := bytes.Replace(text, []byte("2305843009213693951"), []byte("144115188075855859"), 1)
		if bytes.Equal(text, short) {
			return "", fmt.Errorf("%s does not ask for the long prime", source)
		}
		path := filepath.Join(p.dir, filepath.Base(source))
		return path, os.WriteFile(path, short, 0o644)
	})
}

// once makes a program if it is not there yet, and returns its path.
func (p *Programs) once(source string, do func(source string) (string, error)) (string, error) {
	p.mu.Lock()
	source = filepath.Clean(source)
	program, ok := p.made[source]
	if !ok {
		program = sync.OnceValues(func() (string, error) { return do(source) })
		p.made[source] = program
	}
	p.mu.Unlock()
	return program()
}
