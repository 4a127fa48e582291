package prose

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/internal/markdown"
	"github.com/yuin/goldmark/util"
)

// excerpt writes lines of a file, each with its number there.
func (w *writer) excerpt(out util.BufWriter, file string, b *markdown.Block) error {
	source, err := w.Read(file)
	if err != nil {
		return err
	}
	href, err := w.Link(file)
	if err != nil {
		return err
	}
	numbers, err := markdown.Locate(b.Lines(), markdown.Lines(string(source)), markdown.IsGap)
	if err != nil {
		return err
	}
	href = html.EscapeString(href)
	var text strings.Builder
	for i, line := range code.Lines(file, dedent(b.Text)) {
		text.WriteString(`<span class="line">` + number(href, numbers[i]) + string(line.HTML()) + "\n</span>")
	}
	first := slices.IndexFunc(numbers, func(n int) bool { return n > 0 })
	caption := fmt.Sprintf(`<a href="%s#L%d">%s</a>`, href, numbers[first], html.EscapeString(file))
	w.figure(out, "excerpt", caption, false, text.String())
	return nil
}

// dedent takes away the tabs with which all lines begin: a piece from the middle of a function needs no margin.
func dedent(text string) string {
	least := -1
	for line := range strings.Lines(text) {
		if tabs := len(line) - len(strings.TrimLeft(line, "\t")); strings.TrimSpace(line) != "" && (least < 0 || tabs < least) {
			least = tabs
		}
	}
	if least <= 0 {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(line[min(least, len(line)-len(strings.TrimLeft(line, "\t"))):])
	}
	return out.String()
}

// number writes a line's number as a link. The number is drawn by the stylesheet, so that
// whoever selects the code does not select it, and is no stop for the Tab key.
func number(href string, n int) string {
	if n == 0 {
		return `<span class="n"></span>`
	}
	s := strconv.Itoa(n)
	return `<a class="n" href="` + href + "#L" + s + `" data-n="` + s + `" tabindex="-1" aria-hidden="true"></a>`
}
