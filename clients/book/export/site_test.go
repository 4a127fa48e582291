package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/site"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// A file is a page of the exported site.
type file struct {
	name string // chapter01-sequential/index.html
	text string
	root *html.Node
}

var (
	once   sync.Once
	files  map[string]*file
	failed error
)

// all returns the pages of the whole workbook, which is written once.
func all(t *testing.T) map[string]*file {
	fsys, _ := booktest.Open(t)
	once.Do(func() { files, failed = exported(fsys) })
	require.NoError(t, failed)
	return files
}

func exported(fsys fs.FS) (map[string]*file, error) {
	dir, err := os.MkdirTemp("", "export")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	book, err := site.Load(fsys, site.Options{Files: true, Base: "/base/", Lab: site.RecordedLab})
	if err != nil {
		return nil, err
	}
	if _, _, err := Write(book, dir); err != nil {
		return nil, err
	}
	files := map[string]*file{}
	return files, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		local, _ := filepath.Rel(dir, path)
		f := &file{name: filepath.ToSlash(local), text: string(text)}
		if strings.HasSuffix(f.name, ".html") {
			f.root, err = html.Parse(strings.NewReader(f.text))
		}
		files[f.name] = f
		return err
	})
}

// pages calls check for each page of the site.
func pages(t *testing.T, check func(*testing.T, *file)) {
	for name, f := range all(t) {
		if f.root != nil {
			t.Run(name, func(t *testing.T) { check(t, f) })
		}
	}
}

// find returns the elements for which want holds.
func (f *file) find(want func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range f.root.Descendants() {
		if n.Type == html.ElementNode && want(n) {
			list = append(list, n)
		}
	}
	return list
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// text returns the text of an element.
func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := range n.ChildNodes() {
		b.WriteString(text(child))
	}
	return b.String()
}

// TestSize keeps the site small: all of it, and what a reader of a chapter loads.
func TestSize(t *testing.T) {
	sum := 0
	for name, f := range all(t) {
		sum += len(f.text)
		if strings.HasPrefix(name, "chapter") && strings.Count(name, "/") == 1 && strings.HasSuffix(name, "/index.html") {
			assert.Less(t, len(f.text), 150_000, name)
		}
	}
	assert.Less(t, sum, 7_000_000, "with the recordings")
	for _, name := range []string{"index.html", "404.html", "book.css", "start.js", "book.js", "search.js", "icon.svg", "guide/index.html",
		"results/index.html", "clients/index.html", "step/3-4/index.html", "step/8-9/index.html"} {
		assert.Contains(t, all(t), name)
	}
}
