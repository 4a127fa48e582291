package prose

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
	"github.com/yuin/goldmark/util"
)

// excerpt writes lines of a file, each with its number there.
func (w *writer) excerpt(out util.BufWriter, b block) error {
	if len(b.words) != 2 {
		return fmt.Errorf("name the file: ```%s file", b.words[0])
	}
	source, err := w.Read(b.words[1])
	if err != nil {
		return err
	}
	href, err := w.Link(b.words[1])
	if err != nil {
		return err
	}
	numbers, err := locate(split(b.text), split(string(source)))
	if err != nil {
		return err
	}
	href = html.EscapeString(href)
	var text strings.Builder
	for i, line := range code.Lines(b.words[1], b.text) {
		text.WriteString(`<span class="line">` + number(href, numbers[i]) + string(line.HTML()) + "\n</span>")
	}
	first := slices.IndexFunc(numbers, func(n int) bool { return n > 0 })
	caption := fmt.Sprintf(`<a href="%s#L%d">%s</a>`, href, numbers[first], html.EscapeString(b.words[1]))
	w.figure(out, "excerpt", caption, false, text.String())
	return nil
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

func split(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}

// locate returns for each line of an excerpt its number in the text, or 0 for a gap, a
// comment of three dots, and the empty lines beside it.
func locate(lines, text []string) ([]int, error) {
	numbers := make([]int, len(lines))
	found := 0
	for i, at := 0, 0; i < len(lines); {
		end := i
		for end < len(lines) && !isGap(lines[end]) {
			end++
		}
		from, to := trim(lines, i, end)
		if from < to {
			offset := index(text[at:], lines[from:to])
			if offset < 0 {
				return nil, fmt.Errorf("the file has changed: %q is not in it", lines[from])
			}
			for k := from; k < to; k++ {
				numbers[k] = at + offset + k - from + 1
			}
			at += offset + to - from
			found++
		}
		i = end + 1
	}
	if found == 0 {
		return nil, fmt.Errorf("the block quotes nothing")
	}
	return numbers, nil
}

func isGap(line string) bool {
	line = strings.TrimSpace(line)
	return line == "// ..." || line == "# ..."
}

// trim returns the range without the empty lines at both ends.
func trim(lines []string, from, to int) (int, int) {
	for from < to && lines[from] == "" {
		from++
	}
	for from < to && lines[to-1] == "" {
		to--
	}
	return from, to
}

// index returns where the piece begins in the text, or -1.
func index(text, piece []string) int {
	for i := range len(text) - len(piece) + 1 {
		if slices.Equal(text[i:i+len(piece)], piece) {
			return i
		}
	}
	return -1
}
