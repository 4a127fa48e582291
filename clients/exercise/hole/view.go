package hole

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A View is what a reader has written at a place. It has no text if that function isn't there any more.
type View struct {
	Place
	First int // the number of the text's first line
	Text  string
}

// Views returns what a copy has at the places of the exercise.
func (e Exercise) Views(dir string) ([]View, error) {
	return e.views(func(file string) string {
		text, _ := os.ReadFile(filepath.Join(dir, file)) // nothing, if it has been deleted, or moved
		return unix(text)
	})
}

// FirstViews returns what a copy has there when the exercise begins.
func (e Exercise) FirstViews() ([]View, error) {
	begin, err := e.Begin()
	if err != nil {
		return nil, err
	}
	return e.views(func(file string) string { return begin[file] })
}

func (e Exercise) views(read func(file string) string) ([]View, error) {
	places, err := e.Places()
	var views []View
	for _, p := range places {
		views = append(views, view(p, read(p.File)))
	}
	return views, err
}

// view looks for a function in a file. It looks at the lines, as gofmt writes them, and not at what they
// mean: the file need not compile.
func view(p Place, text string) View {
	lines := strings.SplitAfter(text, "\n")
	head := slices.IndexFunc(lines, begins(p.Function).MatchString)
	if head < 0 {
		return View{Place: p}
	}
	first, last := head, head
	for first > 0 && strings.HasPrefix(lines[first-1], "//") {
		first--
	}
	for last < len(lines)-1 && !ends(lines[last], last == head) {
		last++
	}
	if p.Line <= head || p.Line > last+1 {
		p.Line = head + 1
	}
	return View{p, first + 1, strings.Join(lines[first:last+1], "")}
}

// begins returns what the first line of a function looks like, which is named as in Place.
func begins(function string) *regexp.Regexp {
	receiver := ""
	if of, method, ok := strings.Cut(function, "."); ok {
		receiver, function = `\(\w+ \*?`+regexp.QuoteMeta(of)+`\) `, method
	}
	return regexp.MustCompile(`^func ` + receiver + regexp.QuoteMeta(function) + `[(\[]`)
}

// ends reports whether a line is the last of a function, which may be its first.
func ends(line string, isFirst bool) bool {
	line = strings.TrimRight(line, " \t\r\n")
	return line == "}" || isFirst && strings.HasSuffix(line, "}")
}
