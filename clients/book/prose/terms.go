package prose

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

var kindTerm = ast.NewNodeKind("Term")

type term struct {
	ast.BaseInline
	Term
	word string // as it is in the text
	stop string // the punctuation after it
}

func (t *term) Kind() ast.NodeKind            { return kindTerm }
func (t *term) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// pattern finds the terms in a text, the longest first where several begin. A term may be
// inflected, and may be broken by the end of a line.
func pattern(terms []Term) *regexp.Regexp {
	var names []string
	for _, t := range terms {
		name := regexp.QuoteMeta(base(t.Name))
		if len(name) > 2 {
			name = "(?i:" + strings.ReplaceAll(name, " ", `\s+`) + ")(?:s|es|ed|d|ing)?"
		}
		names = append(names, "("+name+")")
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)\b`)
}

// base returns a term without what stands after it in parentheses.
func base(name string) string { return strings.TrimSpace(strings.SplitN(name, "(", 2)[0]) }

// markTerms marks the first use of each term in the running text.
func (w *writer) markTerms(root ast.Node) {
	terms := slices.Clone(w.Terms)
	slices.SortStableFunc(terms, func(a, b Term) int { return cmp.Compare(len(b.Name), len(a.Name)) })
	if len(terms) == 0 {
		return
	}
	words := pattern(terms)
	used := make([]bool, len(terms))
	ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch node.(type) {
		case *ast.Heading, *ast.Link, *ast.CodeSpan, *ast.Image, *extast.TableHeader:
			return ast.WalkSkipChildren, nil
		}
		if entering && node.Type() == ast.TypeBlock {
			w.joinLines(node)
		}
		if text, ok := node.(*ast.String); ok && entering && !text.IsCode() {
			mark(text, words, terms, used)
		}
		return ast.WalkContinue, nil
	})
}

// joinLines makes one node of neighbouring pieces of text, as a term may be broken by the
// end of a line.
func (w *writer) joinLines(parent ast.Node) {
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		if node.Type() == ast.TypeInline && node.Kind() == ast.KindEmphasis {
			w.joinLines(node)
		}
		var joined []byte
		first := node
		for text, ok := node.(*ast.Text); ok && !text.HardLineBreak() && !text.IsRaw(); text, ok = node.(*ast.Text) {
			joined = append(joined, text.Value(w.file.Source)...)
			if text.SoftLineBreak() {
				joined = append(joined, '\n')
			}
			next := node.NextSibling()
			if node != first {
				parent.RemoveChild(parent, node)
			}
			if node = next; node == nil {
				break
			}
		}
		if joined == nil {
			continue
		}
		all := ast.NewString(joined)
		parent.ReplaceChild(parent, first, all)
		node = all
	}
}

// mark splits a text at the terms that have not been used yet.
func mark(node *ast.String, words *regexp.Regexp, terms []Term, used []bool) {
	parent, value := node.Parent(), node.Value
	var pieces []ast.Node
	from := 0
	for _, match := range words.FindAllSubmatchIndex(value, -1) {
		i := group(match)
		if used[i] || hyphenated(value, match[0], match[1]) {
			continue
		}
		used[i] = true
		stop := len(value) - len(bytes.TrimLeft(value[match[1]:], ".,;:!?)"))
		pieces = append(pieces, ast.NewString(value[from:match[0]]),
			&term{Term: terms[i], word: string(value[match[0]:match[1]]), stop: string(value[match[1]:stop])})
		from = stop
	}
	if len(pieces) == 0 {
		return
	}
	for _, piece := range pieces {
		parent.InsertBefore(parent, node, piece)
	}
	node.Value = value[from:]
}

// group returns which of the terms has matched.
func group(match []int) int {
	for i := 2; i < len(match); i += 2 {
		if match[i] >= 0 {
			return i/2 - 1
		}
	}
	return -1
}

// hyphenated reports whether a word is part of a longer one, as in back-to-back.
func hyphenated(text []byte, from, to int) bool {
	return from > 0 && text[from-1] == '-' || to < len(text) && text[to] == '-'
}

// writeTerm writes a term as a button, and what it means as a note that the button shows.
// Where the page is wide enough, the stylesheet puts the note into the margin. A line may
// break after a button, so the punctuation has to be kept with it.
func (w *writer) writeTerm(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := node.(*term)
	w.notes++
	id := fmt.Sprintf("gloss-%d", w.notes)
	fmt.Fprintf(out, `<span class="keep"><button type="button" class="term" popovertarget="%s">%s</button>%s`+
		`<span class="gloss" id="%s" role="note" popover><b>%s</b> %s`,
		id, html.EscapeString(t.word), t.stop, id, html.EscapeString(t.Name), html.EscapeString(t.Meaning))
	if t.Link != "" {
		fmt.Fprintf(out, ` <a href="%s">chapter %d</a>`, html.EscapeString(t.Link), t.Chapter)
	}
	out.WriteString("</span></span>")
	return ast.WalkContinue, nil
}
