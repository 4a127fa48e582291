package proofread

import (
	"os"
	"path/filepath"
	"strings"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// check reports what is wrong with a block. What is compared with nothing is wrong, unless
// it is a drawing.
func check(b *markdown.Block) error {
	if b.Err != nil {
		return b.Err
	}
	switch content := b.Content.(type) {
	case *markdown.Excerpt:
		return checkExcerpt(b, content)
	case *markdown.Diff:
		return checkDiff(b, content)
	case *markdown.Transcript:
		return checkTranscript(b, content)
	case *markdown.Shell:
		return checkPaths(b, b.Lines())
	}
	return nil
}

// near returns the path of a file that a block names, relative to its README.
func near(b *markdown.Block, name string) string {
	return filepath.Join(filepath.Dir(b.File), filepath.FromSlash(name))
}

func checkExcerpt(b *markdown.Block, e *markdown.Excerpt) error {
	text, err := readLines(near(b, e.File))
	if err != nil {
		return err
	}
	_, err = markdown.Locate(b.Lines(), text, markdown.IsGap)
	return err
}

func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	return markdown.Lines(string(text)), err
}

// checkTranscript compares a file with what is shown of it, from its first line to its last;
// TestTranscripts runs the others. Each command of those begins in the README's folder.
func checkTranscript(b *markdown.Block, t *markdown.Transcript) error {
	if t.File != "" {
		text, err := readLines(near(b, t.File))
		if err != nil {
			return err
		}
		return compare(b.Lines(), text)
	}
	for _, command := range t.Commands() {
		if err := checkPaths(b, []string{command}); err != nil {
			return err
		}
	}
	return nil
}

// checkPaths reports a path in a shell command which does not exist.
func checkPaths(b *markdown.Block, lines []string) error {
	dir := filepath.Dir(b.File)
	cloned := false
	for _, line := range lines {
		line, _, _ = strings.Cut(" "+line, " #")
		for words := strings.Fields(line); len(words) > 0; words = words[1:] {
			cloned = cloned || words[0] == "clone"
			path := pathIn(words)
			if path == "" {
				continue
			}
			if words[0] == "cd" && cloned { // into the repository
				dir, path, cloned = ".", ".", false
			}
			path = filepath.Join(dir, filepath.FromSlash(path))
			if _, err := os.Stat(path); err != nil {
				return err
			}
			if words[0] == "cd" {
				dir = path
			}
		}
	}
	return nil
}

// pathIn returns the path in words that begin with cd, python3 or go run, or "".
func pathIn(words []string) string {
	switch {
	case words[0] == "cd", words[0] == "python3":
		words = words[1:]
	case len(words) > 2 && words[0] == "go" && words[1] == "run":
		words = words[2:]
		for len(words) > 0 && strings.HasPrefix(words[0], "-") {
			words = words[1:]
		}
	default:
		return ""
	}
	if len(words) == 0 || strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "@") {
		return ""
	}
	return strings.TrimRight(words[0], ";)")
}
