package workbook

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// TestReadmes checks all that can be checked in a Markdown file without running it:
// what it quotes stands in the files, and what it links to exists.
func TestReadmes(t *testing.T) {
	for _, path := range readmes(t) {
		t.Run(path, func(t *testing.T) {
			r, err := parse(path)
			require.NoError(t, err)
			for _, problem := range append(r.checkBlocks(), r.checkLinks()...) {
				t.Error(problem)
			}
		})
	}
}

// readmes returns the paths of the repository's Markdown files.
func readmes(t *testing.T) []string {
	var paths []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			paths = append(paths, path)
		}
		return err
	})
	require.NoError(t, err)
	return paths
}

// A readme is a Markdown file.
type readme struct {
	path   string
	source []byte
	doc    ast.Node
}

func parse(path string) (*readme, error) {
	source, err := os.ReadFile(path)
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM))
	return &readme{path, source, markdown.Parser().Parse(text.NewReader(source))}, err
}

// walk calls visit for each node of the file.
func (r *readme) walk(visit func(ast.Node)) {
	ast.Walk(r.doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(node)
		}
		return ast.WalkContinue, nil
	})
}

// A block is a fenced code block. The words behind the fence say what it is: its
// language, and what to compare it with.
type block struct {
	readme string
	line   int // of the fence
	words  []string
	lines  []string
}

// blocks returns the file's code blocks. An indented one has no words.
func (r *readme) blocks() []block {
	var blocks []block
	r.walk(func(node ast.Node) {
		b := block{readme: r.path}
		switch node := node.(type) {
		case *ast.FencedCodeBlock:
			if node.Info != nil {
				b.words = strings.Fields(string(node.Info.Value(r.source)))
			}
			b.line = r.line(node) - 1
		case *ast.CodeBlock:
			b.line = r.line(node)
		default:
			return
		}
		for _, line := range node.Lines().Sliced(0, node.Lines().Len()) {
			b.lines = append(b.lines, strings.TrimRight(string(line.Value(r.source)), "\r\n"))
		}
		blocks = append(blocks, b)
	})
	return blocks
}

// line returns the number of a block's first line, or 0 if the block is empty.
func (r *readme) line(node ast.Node) int {
	if node.Lines().Len() == 0 {
		return 0
	}
	return bytes.Count(r.source[:node.Lines().At(0).Start], []byte("\n")) + 1
}

// file returns the path of a file that the block names, relative to its README.
func (b block) file(name string) string {
	return filepath.Join(filepath.Dir(b.readme), filepath.FromSlash(name))
}

func (b block) String() string {
	return fmt.Sprintf("%s:%d: %s", b.readme, b.line, strings.Join(b.words, " "))
}

func (r *readme) checkBlocks() []error {
	var problems []error
	for _, b := range r.blocks() {
		if err := b.check(); err != nil {
			problems = append(problems, fmt.Errorf("%v: %w", b, err))
		}
	}
	return problems
}

// check reports what is wrong with a block. A block that nothing is compared with is
// wrong, but for drawings and plain text.
func (b block) check() error {
	if len(b.words) == 0 {
		return fmt.Errorf("a code block without a language")
	}
	switch b.words[0] {
	case "go", "python":
		return b.checkQuote()
	case "diff":
		return b.checkDiff()
	case "console":
		return b.checkConsole()
	case "sh":
		return b.checkPaths(b.lines)
	case "text":
		if len(b.commands()) > 0 {
			return fmt.Errorf("a transcript that nothing is compared with")
		}
		return nil
	case "mermaid":
		return nil
	}
	return fmt.Errorf("write a block of go, python, diff, console, sh, text or mermaid")
}

// problems writes a README into the current folder and returns what is wrong with it.
func problems(t *testing.T, markdown string) string {
	require.NoError(t, os.WriteFile("README.md", []byte(markdown), 0o644))
	r, err := parse("README.md")
	require.NoError(t, err)
	return fmt.Sprint(append(r.checkBlocks(), r.checkLinks()...))
}

func TestUnnamedBlocks(t *testing.T) {
	t.Chdir(t.TempDir())
	assert.Equal(t, "[]", problems(t, "text\n\n~~~text\nany\n~~~\n~~~mermaid\nany\n~~~\n"))
	assert.Contains(t, problems(t, "text\n\n    indented\n"), "README.md:3: : a code block without a language")
	assert.Contains(t, problems(t, "~~~\nno language\n~~~\n"), "README.md:1: : a code block without a language")
	assert.Contains(t, problems(t, "- item\n\n  ~~~golang\n  x\n  ~~~\n"), "README.md:3: golang: write a block of go")
	assert.Contains(t, problems(t, "~~~text\n$ ls\n~~~\n"), "a transcript that nothing")
}
