package proofread

import (
	"bytes"
	"fmt"
	"os"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// A Readme is a Markdown file.
type Readme struct {
	path   string
	source []byte
	doc    ast.Node
}

// Parse reads a Markdown file. Any text is Markdown: the error is that of the file.
func Parse(path string) (*Readme, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM))
	return &Readme{path, source, markdown.Parser().Parse(text.NewReader(source))}, nil
}

// Check reports all that is wrong with the file and can be seen without running its
// transcripts: what it quotes is in the files, and what it links to exists.
func (r *Readme) Check() []error {
	var problems []error
	for _, b := range r.Blocks() {
		if err := b.Check(); err != nil {
			problems = append(problems, fmt.Errorf("%v: %w", b, err))
		}
	}
	return append(problems, r.checkLinks()...)
}

// walk calls visit for each node of the file.
func (r *Readme) walk(visit func(ast.Node)) {
	ast.Walk(r.doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(node)
		}
		return ast.WalkContinue, nil
	})
}

// line returns the number of the line in which a node begins.
func (r *Readme) line(node ast.Node) int {
	return bytes.Count(r.source[:node.Pos()], []byte("\n")) + 1
}
