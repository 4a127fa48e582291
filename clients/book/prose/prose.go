// Package prose renders the Markdown files of the workbook as HTML. It knows what the
// workbook writes and nothing else: a block or an element that it does not know is an
// error, so that nothing is shown in a way that nobody has looked at.
package prose

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A Source is a Markdown file and its surroundings.
type Source struct {
	Name  string // its path in the workbook, for messages
	Text  []byte
	Terms []Term // those that are marked at their first use

	// Link returns where a link's destination is in the book.
	Link func(destination string) (string, error)
	// Picture returns an image.
	Picture func(destination, description string) (template.HTML, error)
	// Diagram returns the picture of the nth Mermaid block, from 1.
	Diagram func(n int, source string) (template.HTML, error)
	// Read returns a file that a block names.
	Read func(name string) ([]byte, error)
	// Step returns where the difference of two files is shown, if it is.
	Step func(old, new string) string
}

// A Doc is a rendered file.
type Doc struct {
	Title    string        // of the first heading, as text
	Lead     template.HTML // what comes before the first section
	Body     template.HTML // the sections
	Sections []Section
	Words    int // outside of code blocks
}

// A Section begins with a heading of the second or third level.
type Section struct {
	ID, Title string
	Level     int
	Text      string // as far as the next heading, without code blocks
}

// Render renders a file.
func Render(s Source) (*Doc, error) {
	s.Text = bytes.ReplaceAll(s.Text, []byte("\r\n"), []byte("\n"))
	w := &writer{Source: s}
	markdown := w.markdown()
	root := markdown.Parser().Parse(text.NewReader(s.Text))
	doc := &Doc{}
	if err := w.arrange(doc, root); err != nil {
		return nil, err
	}
	w.markTerms(root)
	var lead, body bytes.Buffer
	for node := root.FirstChild(); node != nil; node = node.NextSibling() {
		out := &lead
		if node.Kind() == kindSection {
			out = &body
		}
		if err := markdown.Renderer().Render(out, s.Text, node); err != nil {
			return nil, err
		}
	}
	if w.open != 0 {
		return nil, fmt.Errorf("%s: a <details> that is not closed", s.Name)
	}
	doc.Lead, doc.Body = template.HTML(lead.String()), template.HTML(body.String())
	return doc, nil
}

// markdown returns a parser and renderer. Alignment is an attribute because the pages
// allow no style in the text.
func (w *writer) markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify, extension.Typographer,
		),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(w, 100))),
	)
}

// A writer renders one file.
type writer struct {
	Source
	section  string // the id of the current section
	open     int    // folds that are open
	guesses  int    // predictions so far
	diagrams int    // Mermaid blocks so far
	notes    int    // terms so far
}

// errorf returns an error that says where in the file it is.
func (w *writer) errorf(node ast.Node, format string, args ...any) error {
	for node.Type() == ast.TypeInline {
		node = node.Parent()
	}
	line := 1
	if lines := node.Lines(); lines != nil && lines.Len() > 0 {
		line += bytes.Count(w.Text[:lines.At(0).Start], []byte("\n"))
	}
	return fmt.Errorf("%s:%d: %w", w.Name, line, fmt.Errorf(format, args...))
}

// Minutes returns how long it takes to read a number of words at 220 a minute, which is a
// little slower than what is measured for prose (238: Brysbaert 2019).
func Minutes(words int) int { return max(1, (words+110)/220) }

// plain returns the text of a node without its markup and without code blocks.
func (w *writer) plain(node ast.Node) string {
	var b strings.Builder
	ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch node := node.(type) {
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(util.ResolveEntityNames(node.Value(w.Text))))
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
