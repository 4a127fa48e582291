package proofread

import (
	"fmt"
	"os"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// Check reports all that is wrong with a Markdown file and can be seen without running its
// transcripts: what it quotes is in the files, and what it links to exists.
func Check(path string) ([]error, error) {
	file, err := parse(path)
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, b := range file.Blocks {
		if err := check(b); err != nil {
			problems = append(problems, fmt.Errorf("%v: %w", b, err))
		}
	}
	return append(problems, checkLinks(file)...), nil
}

func parse(path string) (*markdown.File, error) {
	source, err := os.ReadFile(path)
	return markdown.Parse(path, source), err
}
