// Package code highlights source code, line by line.
package code

import (
	"html/template"
	"path"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// A Line is a line of code without its end.
type Line []Token

// A Token is a piece of a line. Its element, which may be empty, says what it is: b is a
// keyword, u is a string or a number, i is a comment. There are tens of thousands of them in
// the book, and an element is shorter than a class.
type Token struct{ Element, Text string }

// Lines splits a file into lines of tokens. The name says which language it is; one that
// is unknown has none. The tokens' texts, with an end after each line, are the file.
func Lines(name, text string) []Line {
	var lines []Line
	for _, tokens := range chroma.SplitTokensIntoLines(tokens(name, text)) {
		var line Line
		for _, t := range tokens {
			if s := strings.TrimSuffix(t.Value, "\n"); s != "" {
				line = append(line, Token{element(t.Type), s})
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// languages are those of the workbook. Asking chroma for the language of a name would
// take longer than highlighting the file.
var languages = map[string]chroma.Lexer{
	".go": lexers.Get("go"), ".py": lexers.Get("python"),
}

func tokens(name, text string) []chroma.Token {
	plain := []chroma.Token{{Type: chroma.Text, Value: text}}
	lexer := languages[path.Ext(name)]
	if lexer == nil {
		return plain
	}
	tokens, err := chroma.Tokenise(lexer, &chroma.TokeniseOptions{State: "root"}, text)
	if err != nil {
		return plain
	}
	return tokens
}

func element(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Keyword):
		return "b"
	case t.InCategory(chroma.Comment):
		return "i"
	case t.InSubCategory(chroma.String), t.InSubCategory(chroma.Number):
		return "u"
	}
	return ""
}

// HTML returns the line with its tokens marked.
func (l Line) HTML() template.HTML { return l.Mark(nil) }

// A Range is a part of a line, in bytes: from Start to before End.
type Range struct{ Start, End int }

// Mark returns the line with its tokens marked, and the ranges too, as changed. The
// ranges are sorted and don't touch.
func (l Line) Mark(ranges []Range) template.HTML {
	var b strings.Builder
	at := 0
	for _, t := range l {
		for _, p := range cut(t, at, ranges) {
			write(&b, p)
		}
		at += len(t.Text)
	}
	return template.HTML(b.String())
}

type piece struct {
	Token
	marked bool
}

// cut splits a token that begins at an offset where a range begins or ends.
func cut(t Token, at int, ranges []Range) []piece {
	var pieces []piece
	from := 0
	add := func(to int, marked bool) {
		if to = min(to, len(t.Text)); to > from {
			pieces = append(pieces, piece{Token{t.Element, t.Text[from:to]}, marked})
			from = to
		}
	}
	for _, r := range ranges {
		if r.End > at {
			add(r.Start-at, false)
			add(r.End-at, true)
		}
	}
	add(len(t.Text), false)
	return pieces
}

// escape leaves quotation marks alone, which are many in code, and mean nothing between tags.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func write(b *strings.Builder, p piece) {
	text := escape.Replace(p.Text)
	if p.marked {
		text = "<mark>" + text + "</mark>"
	}
	if p.Element != "" {
		text = "<" + p.Element + ">" + text + "</" + p.Element + ">"
	}
	b.WriteString(text)
}

// Text returns the line as it is in the file.
func (l Line) Text() string {
	var b strings.Builder
	for _, t := range l {
		b.WriteString(t.Text)
	}
	return b.String()
}
