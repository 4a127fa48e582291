package workbook

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"
)

// checkLinks reports the relative links and images that lead nowhere.
func (r *readme) checkLinks() []error {
	var problems []error
	r.walk(func(node ast.Node) {
		var err error
		switch node := node.(type) {
		case *ast.Link:
			err = r.checkLink(string(node.Destination))
		case *ast.Image:
			err = r.checkLink(string(node.Destination))
		case *ast.RawHTML:
			err = checkHTML(string(node.Segments.Value(r.source)))
		case *ast.HTMLBlock:
			err = checkHTML(string(node.Lines().Value(r.source)))
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", r.path, err))
		}
	})
	return problems
}

func (r *readme) checkLink(destination string) error {
	link, err := url.Parse(destination)
	if err != nil || link.Scheme != "" || link.Host != "" {
		return err // an address in the web is not checked
	}
	path := r.path
	if link.Path != "" {
		path = filepath.Join(filepath.Dir(r.path), filepath.FromSlash(link.Path))
	}
	info, err := os.Stat(path)
	if err != nil || !filepath.IsLocal(path) {
		return fmt.Errorf("the link %s leads nowhere", destination)
	}
	if link.Fragment == "" {
		return nil
	}
	if info.IsDir() { // the forge shows the folder's README
		path = filepath.Join(path, "README.md")
	}
	return checkFragment(path, link.Fragment)
}

// checkFragment reports whether the Markdown file has no heading for the fragment.
func checkFragment(path, fragment string) error {
	r, err := parse(path)
	if err != nil {
		return err
	}
	if !slices.Contains(r.slugs(), fragment) {
		return fmt.Errorf("%s has no heading #%s", path, fragment)
	}
	return nil
}

// checkHTML refuses links in HTML, which the Markdown parser does not understand.
func checkHTML(html string) error {
	if strings.Contains(html, "href=") || strings.Contains(html, "src=") {
		return fmt.Errorf("write this link in Markdown: %s", html)
	}
	return nil
}

// slugs returns the names by which the forge links to the headings of the file.
func (r *readme) slugs() []string {
	var slugs []string
	count := map[string]int{}
	r.walk(func(node ast.Node) {
		if node.Kind() != ast.KindHeading {
			return
		}
		name := slug(r.plain(node))
		count[name]++
		if n := count[name]; n > 1 {
			name = fmt.Sprintf("%s-%d", name, n-1)
		}
		slugs = append(slugs, name)
	})
	return slugs
}

// slug drops all but letters, digits, _, - and spaces, which become hyphens.
func slug(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c), c == '_', c == '-':
			return c
		case c == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(heading))
}

// plain returns the text of a heading without its markup.
func (r *readme) plain(node ast.Node) string {
	if text, ok := node.(*ast.Text); ok {
		return string(text.Value(r.source))
	}
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		b.WriteString(r.plain(child))
	}
	return b.String()
}

func TestLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("sub", 0o755))
	require.NoError(t, os.WriteFile("sub/README.md", []byte("# `Serve` it, now!\n## Twice\n## Twice\n"), 0o644))
	tests := []struct{ name, markdown, want string }{
		{"file", "[a](sub/README.md)", ""},
		{"folder", "[a](sub/)", ""},
		{"web", "[a](https://go.dev/nowhere#x) <https://go.dev>", ""},
		{"heading", "[a](sub/README.md#serve-it-now)", ""},
		{"heading of a folder's README", "[a](sub#twice-1)", ""},
		{"heading of this file", "# Go on\n[a](#go-on)", ""},
		{"reference", "[a][b]\n\n[b]: sub/none.go\n", "leads nowhere"},
		{"in a table", "| a |\n|---|\n| [a](none.go) |\n", "leads nowhere"},
		{"image", "![a](none.png)", "leads nowhere"},
		{"missing file", "[a](none.go)", "leads nowhere"},
		{"outside", "[a](../)", "leads nowhere"},
		{"missing heading", "[a](sub/README.md#serve)", "no heading #serve"},
		{"missing heading of this file", "# Go on\n[a](#go)", "no heading #go"},
		{"third of two", "[a](sub#twice-2)", "no heading #twice-2"},
		{"HTML", "<a href=\"sub/\">a</a>", "in Markdown"},
		{"HTML block", "<p>\n<img src=\"sub/none.png\">\n</p>\n", "in Markdown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { expectProblem(t, test.want, problems(t, test.markdown)) })
	}
}
