package proofread

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A Block is a code block. The words after its fence say what it is: its language, and
// what to compare it with.
type Block struct {
	readme string
	line   int
	words  []string
	lines  []string
}

// Blocks returns the file's code blocks. An indented one has no words.
func (r *Readme) Blocks() []Block {
	var blocks []Block
	r.walk(func(node ast.Node) {
		b := Block{readme: r.path}
		switch node := node.(type) {
		case *ast.FencedCodeBlock:
			if node.Info != nil {
				b.words = strings.Fields(string(node.Info.Value(r.source)))
			}
		case *ast.CodeBlock:
		default:
			return
		}
		b.line = r.line(node)
		for _, line := range node.Lines().Sliced(0, node.Lines().Len()) {
			b.lines = append(b.lines, strings.TrimRight(string(line.Value(r.source)), "\r\n"))
		}
		blocks = append(blocks, b)
	})
	return blocks
}

// String says where the block is, and what.
func (b Block) String() string {
	return fmt.Sprintf("%s:%d: %s", b.readme, b.line, strings.Join(b.words, " "))
}

// file returns the path of a file that the block names, relative to its README.
func (b Block) file(name string) string {
	return filepath.Join(filepath.Dir(b.readme), filepath.FromSlash(name))
}

// Check reports what is wrong with a block. A block that is compared with nothing is
// wrong, unless it is a drawing or plain text.
func (b Block) Check() error {
	if len(b.words) == 0 {
		return errors.New("a code block without a language")
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
			return errors.New("a transcript that is compared with nothing")
		}
		return nil
	case "mermaid":
		return nil
	}
	return errors.New("write a block of go, python, diff, console, sh, text or mermaid")
}
