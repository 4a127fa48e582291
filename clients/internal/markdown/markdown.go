// Package markdown reads the Markdown of the workbook: its code blocks, which say what they
// are compared with, and the names of its headings. What is not part of the dialect is an
// error, so that nothing is shown or left unchecked that nobody has thought of.
package markdown

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A File is a Markdown file.
type File struct {
	Name   string // its path, for messages
	Source []byte
	Root   ast.Node
	Blocks []*Block // in their order

	of map[ast.Node]*Block
}

// New returns a parser, and a renderer with these options. Alignment is an attribute because
// the pages of the book allow no style in the text.
func New(options ...goldmark.Option) goldmark.Markdown {
	return goldmark.New(append(options,
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify, extension.Typographer,
		),
		goldmark.WithParserOptions(parser.WithAttribute()),
	)...)
}

// Parse reads a file. Any text is Markdown.
func Parse(name string, source []byte) *File {
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	f := &File{Name: name, Source: source, Root: New().Parser().Parse(text.NewReader(source)), of: map[ast.Node]*Block{}}
	diagrams := 0
	f.Walk(func(node ast.Node) {
		if node.Kind() == ast.KindFencedCodeBlock || node.Kind() == ast.KindCodeBlock {
			b := f.read(node)
			if _, ok := b.Content.(*Diagram); ok {
				diagrams++
				b.Content = &Diagram{diagrams}
			}
			f.Blocks, f.of[node] = append(f.Blocks, b), b
		}
	})
	return f
}

// Block returns the code block of a node.
func (f *File) Block(node ast.Node) *Block { return f.of[node] }

// Walk calls visit for each node below the root.
func (f *File) Walk(visit func(ast.Node)) {
	ast.Walk(f.Root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(node)
		}
		return ast.WalkContinue, nil
	})
}

// Errorf returns an error that says where in the file it is.
func (f *File) Errorf(node ast.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", f.Name, f.Line(node), fmt.Errorf(format, args...))
}

// Line returns the number of the line in which a node begins.
func (f *File) Line(node ast.Node) int {
	return bytes.Count(f.Source[:max(0, node.Pos())], []byte("\n")) + 1
}

// Plain returns the text of a node without its markup and without code blocks.
func (f *File) Plain(node ast.Node) string {
	var b strings.Builder
	ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch node := node.(type) {
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(util.ResolveEntityNames(node.Value(f.Source))))
				if node.SoftLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(util.ResolveEntityNames(node.Value))
			}
		case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
			return ast.WalkSkipChildren, nil
		}
		if !entering && node.Type() == ast.TypeBlock {
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// Names are the names by which the forge links to the headings of a file.
type Names map[string]int

// Next names the next heading: all but letters, digits, _, - and spaces is dropped, spaces
// become hyphens, and a name that there is already gets a number.
func (n Names) Next(heading string) string {
	name := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c), c == '_', c == '-':
			return c
		case c == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(heading))
	n[name]++
	if count := n[name]; count > 1 {
		return fmt.Sprintf("%s-%d", name, count-1)
	}
	return name
}

// Headings returns the names of the headings of the file.
func (f *File) Headings() []string {
	var all []string
	names := Names{}
	f.Walk(func(node ast.Node) {
		if node.Kind() == ast.KindHeading {
			all = append(all, names.Next(f.Plain(node)))
		}
	})
	return all
}
