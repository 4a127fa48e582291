package proofread

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// checkLinks reports the relative links and images that lead nowhere.
func checkLinks(f *markdown.File) []error {
	var problems []error
	f.Walk(func(node ast.Node) {
		var err error
		switch node := node.(type) {
		case *ast.Link:
			err = checkLink(f, string(node.Destination))
		case *ast.Image:
			err = checkLink(f, string(node.Destination))
		case *ast.RawHTML:
			err = checkHTML(string(node.Segments.Value(f.Source)))
		case *ast.HTMLBlock:
			err = checkHTML(string(node.Lines().Value(f.Source)))
		}
		if err != nil {
			problems = append(problems, f.Errorf(node, "%w", err))
		}
	})
	return problems
}

func checkLink(f *markdown.File, destination string) error {
	link, err := url.Parse(destination)
	if err != nil || link.Scheme != "" || link.Host != "" {
		return err // an address in the web is not checked
	}
	path := f.Name
	if link.Path != "" {
		path = filepath.Join(filepath.Dir(f.Name), filepath.FromSlash(link.Path))
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
	f, err := parse(path)
	if err != nil {
		return err
	}
	if !slices.Contains(f.Headings(), fragment) {
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
