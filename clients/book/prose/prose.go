// Package prose renders the Markdown files of the workbook as HTML. It knows what the
// workbook writes and nothing else: a block or an element that it does not know is an
// error, so that nothing is shown in a way that nobody has looked at.
package prose

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"

	"example.com/concurrent-network-server/clients/internal/markdown"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer"
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
	// Card is what stands below the reader's prediction.
	Card template.HTML
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

var emptyHeader = regexp.MustCompile(`<th( [^>]*)?></th>`)

// withoutEmptyHeaders makes cells of headers that say nothing: there is nothing that they could be read for.
func withoutEmptyHeaders(page []byte) template.HTML {
	return template.HTML(emptyHeader.ReplaceAll(page, []byte("<td$1></td>")))
}

// Render renders a file.
func Render(s Source) (*Doc, error) {
	w := &writer{Source: s, file: markdown.Parse(s.Name, s.Text)}
	doc := &Doc{}
	if err := w.arrange(doc, w.file.Root); err != nil {
		return nil, err
	}
	w.markTerms(w.file.Root)
	out := markdown.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(w, 100)))).Renderer()
	var lead, body bytes.Buffer
	for node := w.file.Root.FirstChild(); node != nil; node = node.NextSibling() {
		part := &lead
		if node.Kind() == kindSection {
			part = &body
		}
		if err := out.Render(part, w.file.Source, node); err != nil {
			return nil, err
		}
	}
	if w.open != 0 {
		return nil, fmt.Errorf("%s: a <details> that is not closed", s.Name)
	}
	doc.Lead, doc.Body = withoutEmptyHeaders(lead.Bytes()), withoutEmptyHeaders(body.Bytes())
	return doc, nil
}

// A writer renders one file.
type writer struct {
	Source
	file    *markdown.File
	section string // the id of the current section
	open    int    // folds that are open
	guesses int    // predictions so far
	notes   int    // terms so far
}

// Minutes returns how long it takes to read a number of words at 220 a minute, which is a
// little slower than what is measured for prose (238: Brysbaert 2019).
func Minutes(words int) int { return max(1, (words+110)/220) }
