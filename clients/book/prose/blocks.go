package prose

import (
	"fmt"
	"html"
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// A block is a fenced code block. The words after the fence say what it is: its language,
// and the files that it quotes.
type block struct {
	words []string
	text  string
}

func (w *writer) writeBlock(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	b := block{text: string(node.Lines().Value(w.Text))}
	if fenced, ok := node.(*ast.FencedCodeBlock); ok && fenced.Info != nil {
		b.words = strings.Fields(string(fenced.Info.Value(w.Text)))
	}
	if len(b.words) == 0 {
		return ast.WalkStop, w.errorf(node, "a code block without a language")
	}
	if err := w.block(out, b); err != nil {
		return ast.WalkStop, w.errorf(node, "%s: %w", strings.Join(b.words, " "), err)
	}
	return ast.WalkSkipChildren, nil
}

func (w *writer) block(out util.BufWriter, b block) error {
	switch b.words[0] {
	case "go", "python":
		return w.excerpt(out, b)
	case "diff":
		return w.diff(out, b)
	case "console":
		return w.console(out, b)
	case "sh":
		w.figure(out, "shell", "shell", true, `<span class="run">`+html.EscapeString(b.text)+"</span>")
	case "text", "json":
		w.figure(out, "plain", "", false, html.EscapeString(b.text))
	case "mermaid":
		w.diagrams++
		picture, err := w.Diagram(w.diagrams, b.text)
		out.WriteString(string(picture))
		return err
	default:
		return fmt.Errorf("the book does not know such a block")
	}
	return nil
}

// figure writes a block with a caption, and with a button that copies its commands.
func (w *writer) figure(out util.BufWriter, class, caption string, copies bool, content string) {
	out.WriteString(`<figure class="code ` + class + `">`)
	if caption != "" {
		out.WriteString("<figcaption>" + caption)
		if copies {
			out.WriteString(`<button class="copy" type="button">Copy</button>`)
		}
		out.WriteString("</figcaption>")
	}
	out.WriteString("<pre><code>" + content + "</code></pre></figure>\n")
}

// terminals say where the commands of a transcript are typed.
var terminals = map[string]string{
	"server": "terminal: server", "client": "terminal: client", "test": "terminal", "log": "the server’s log",
}

// console writes a transcript: what is typed, and what is printed.
func (w *writer) console(out util.BufWriter, b block) error {
	if len(b.words) != 2 {
		return fmt.Errorf("it does not say whose terminal it is")
	}
	caption := terminals[b.words[1]]
	if name, ok := strings.CutPrefix(b.words[1], "file="); ok {
		href, err := w.Link(name)
		if err != nil {
			return err
		}
		caption = `<a href="` + html.EscapeString(href) + `">` + html.EscapeString(name) + "</a>"
	}
	if caption == "" {
		return fmt.Errorf("the book does not know this kind of transcript")
	}
	var text strings.Builder
	commands := false
	for line := range strings.Lines(b.text) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands = true
			command = html.EscapeString(strings.TrimSuffix(command, "\n"))
			text.WriteString(`<span class="prompt">$ </span><span class="run">` + command + "</span>\n")
		} else {
			text.WriteString(html.EscapeString(line))
		}
	}
	w.figure(out, "console "+strings.SplitN(b.words[1], "=", 2)[0], caption, commands, text.String())
	return nil
}

// diff writes lines that go and come between two files, with a link to all of them.
func (w *writer) diff(out util.BufWriter, b block) error {
	if len(b.words) != 3 {
		return fmt.Errorf("name the files: ```diff old new")
	}
	var signs, lines []string
	for line := range strings.Lines(b.text) {
		if line == "\n" { // an editor has taken the space away
			line = " \n"
		}
		signs = append(signs, line[:1])
		lines = append(lines, line[1:])
	}
	var text strings.Builder
	classes := map[string]string{"+": "add", "-": "del", "@": "gap", ".": "gap"}
	for i, line := range code.Lines(b.words[2], strings.Join(lines, "")) {
		text.WriteString(`<span class="line ` + classes[signs[i]] + `"><span class="sign">` +
			html.EscapeString(signs[i]) + "</span>" + string(line.HTML()) + "\n</span>")
	}
	caption := html.EscapeString(b.words[2])
	if href := w.Step(b.words[1], b.words[2]); href != "" {
		caption = `<a href="` + html.EscapeString(href) + `">` + caption + "</a>"
	}
	w.figure(out, "diff", caption+` <span class="what">what changes</span>`, false, text.String())
	return nil
}
