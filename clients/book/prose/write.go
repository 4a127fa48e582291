package prose

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// RegisterFuncs says which nodes the writer renders; goldmark renders the others.
func (w *writer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindSection, w.writeSection)
	r.Register(kindTerm, w.writeTerm)
	r.Register(ast.KindHeading, w.writeHeading)
	r.Register(ast.KindParagraph, w.writeParagraph)
	r.Register(ast.KindLink, w.writeLink)
	r.Register(ast.KindImage, w.writeImage)
	r.Register(ast.KindRawHTML, w.writeRawHTML)
	r.Register(ast.KindHTMLBlock, w.writeHTMLBlock)
	r.Register(ast.KindFencedCodeBlock, w.writeBlock)
	r.Register(ast.KindCodeBlock, w.writeBlock)
	r.Register(extast.KindTable, w.writeTable)
}

func (w *writer) writeSection(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	w.section = node.(*section).id
	return between(out, entering, `<section class="`+class(w.section)+`" aria-labelledby="`+w.section+"\">\n", "</section>\n")
}

// between writes the beginning or the end of an element.
func between(out util.BufWriter, entering bool, begin, end string) (ast.WalkStatus, error) {
	if entering {
		out.WriteString(begin)
	} else {
		out.WriteString(end)
	}
	return ast.WalkContinue, nil
}

// class returns how a section looks. Predict is a question, and looks like one; those at the chapter's end are a list.
func class(id string) string {
	switch id {
	case "predict":
		return "part predict"
	case "you-can-now-explain":
		return "part explain"
	}
	return "part"
}

func (w *writer) writeHeading(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	level := string('0' + rune(node.(*ast.Heading).Level))
	attribute, _ := node.AttributeString("id")
	id := html.EscapeString(string(attribute.([]byte)))
	return between(out, entering, "<h"+level+` id="`+id+`"><a class="self" href="#`+id+`">`, "</a></h"+level+">\n")
}

// A picture that is a paragraph of its own is a figure.
func (w *writer) writeParagraph(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if node.ChildCount() == 1 && node.FirstChild().Kind() == ast.KindImage {
		return ast.WalkContinue, nil
	}
	return between(out, entering, "<p>", "</p>\n")
}

func (w *writer) writeLink(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		out.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	href, err := w.Link(string(node.(*ast.Link).Destination))
	if err != nil {
		return ast.WalkStop, w.file.Errorf(node, "%w", err)
	}
	out.WriteString(`<a href="` + html.EscapeString(href) + `">`)
	return ast.WalkContinue, nil
}

func (w *writer) writeImage(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	picture, err := w.Picture(string(node.(*ast.Image).Destination), w.file.Plain(node))
	if err != nil {
		return ast.WalkStop, w.file.Errorf(node, "%w", err)
	}
	out.WriteString(string(picture))
	return ast.WalkSkipChildren, nil
}

// A table scrolls by itself where it is wider than the page.
func (w *writer) writeTable(out util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	return between(out, entering, "<div class=\"table\"><table>\n", "</table></div>\n")
}

// inlineTags are the HTML elements that the workbook uses in a line.
var inlineTags = []string{"<sup>", "</sup>", "<sub>", "</sub>", "<kbd>", "</kbd>", "<br>"}

func (w *writer) writeRawHTML(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := string(node.(*ast.RawHTML).Segments.Value(w.file.Source))
	if !slices.Contains(inlineTags, tag) {
		return ast.WalkStop, w.file.Errorf(node, "the book does not know the element %s", tag)
	}
	return between(out, entering, tag, "")
}

var summary = regexp.MustCompile(`^<summary>([^<>]*)</summary>$`)

// writeHTMLBlock writes a fold. In the section Predict, there is a place before it to
// write down what one expects.
func (w *writer) writeHTMLBlock(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	for line := range strings.Lines(string(node.Lines().Value(w.file.Source))) {
		line = strings.TrimSpace(line)
		title := summary.FindStringSubmatch(line)
		switch {
		case line == "<details>":
			w.open++
			if w.section == "predict" {
				w.writeGuess(out)
			}
			out.WriteString("<details class=\"answer\">\n")
		case title != nil:
			out.WriteString("<summary>" + title[1] + "</summary>\n")
		case line == "</details>" && w.open > 0:
			w.open--
			out.WriteString("</details>\n")
		default:
			return ast.WalkStop, w.file.Errorf(node, "the book does not know the HTML %s", line)
		}
	}
	return ast.WalkContinue, nil
}

func (w *writer) writeGuess(out util.BufWriter) {
	w.guesses++
	id := "guess-" + string('0'+rune(w.guesses))
	out.WriteString(`<div class="guess"><label for="` + id + `">Your prediction</label>
<textarea id="` + id + `" rows="3" autocomplete="off" spellcheck="false" aria-describedby="` + id + `-where"></textarea>
<p id="` + id + `-where" class="where">Write before you unfold. What you write stays in this browser.</p></div>
`)
	if w.guesses == 1 {
		out.WriteString(string(w.Card))
	}
}
