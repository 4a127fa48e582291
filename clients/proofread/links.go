package proofread

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// checkLinks reports the relative links and images that lead nowhere.
func (r *Readme) checkLinks() []error {
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
			problems = append(problems, fmt.Errorf("%s:%d: %w", r.path, r.line(node), err))
		}
	})
	return problems
}

func (r *Readme) checkLink(destination string) error {
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
	r, err := Parse(path)
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
func (r *Readme) slugs() []string {
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
func (r *Readme) plain(node ast.Node) string {
	if text, ok := node.(*ast.Text); ok {
		return string(text.Value(r.source))
	}
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		b.WriteString(r.plain(child))
	}
	return b.String()
}
