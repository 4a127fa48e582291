package prose

import (
	"fmt"
	"html"
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/internal/markdown"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

func (w *writer) writeBlock(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	b := w.file.Block(node)
	err := b.Err
	if err == nil {
		err = w.block(out, b)
	}
	if err != nil {
		return ast.WalkStop, fmt.Errorf("%v: %w", b, err)
	}
	return ast.WalkSkipChildren, nil
}

func (w *writer) block(out util.BufWriter, b *markdown.Block) error {
	switch content := b.Content.(type) {
	case *markdown.Excerpt:
		return w.excerpt(out, content.File, b)
	case *markdown.Diff:
		w.diff(out, content, b.Text)
	case *markdown.Transcript:
		return w.transcript(out, content)
	case *markdown.Shell:
		w.figure(out, "shell", "shell", true, `<span class="run">`+html.EscapeString(b.Text)+"</span>")
	case *markdown.Drawing:
		w.figure(out, "plain", "", false, html.EscapeString(b.Text))
	case *markdown.Diagram:
		picture, err := w.Diagram(content.N, b.Text)
		out.WriteString(string(picture))
		return err
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

// transcript writes what is typed, and what is printed.
func (w *writer) transcript(out util.BufWriter, t *markdown.Transcript) error {
	caption := terminals[t.Terminal]
	if t.File != "" {
		href, err := w.Link(t.File)
		if err != nil {
			return err
		}
		caption = `<a href="` + html.EscapeString(href) + `">` + html.EscapeString(t.File) + "</a>"
	}
	var text strings.Builder
	for _, step := range t.Steps {
		if step.Command != "" {
			text.WriteString(`<span class="prompt">$ </span><span class="run">` + html.EscapeString(step.Command) + "</span>\n")
		}
		for _, line := range step.Output {
			text.WriteString(html.EscapeString(line) + "\n")
		}
	}
	w.figure(out, "console "+t.Terminal, caption, len(t.Commands()) > 0, text.String())
	return nil
}

// diff writes lines that go and come between two files, with a link to all of them.
func (w *writer) diff(out util.BufWriter, d *markdown.Diff, block string) {
	var signs, lines []string
	for line := range strings.Lines(block) {
		if line == "\n" { // an editor has taken the space away
			line = " \n"
		}
		signs = append(signs, line[:1])
		lines = append(lines, line[1:])
	}
	var text strings.Builder
	classes := map[string]string{"+": "add", "-": "del", "@": "gap", ".": "gap"}
	for i, line := range code.Lines(d.New, dedent(strings.Join(lines, ""))) {
		text.WriteString(`<span class="line ` + classes[signs[i]] + `"><span class="sign">` +
			html.EscapeString(signs[i]) + "</span>" + string(line.HTML()) + "\n</span>")
	}
	caption := html.EscapeString(d.New)
	if href := w.Step(d.Old, d.New); href != "" {
		caption = `<a href="` + html.EscapeString(href) + `">` + caption + "</a>"
	}
	w.figure(out, "diff", caption+` <span class="what">what changes</span>`, false, text.String())
}
