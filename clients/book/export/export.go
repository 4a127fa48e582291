// Package export writes the book as a folder of files that any host can serve.
package export

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"example.com/concurrent-network-server/clients/book/site"
	"golang.org/x/net/html"
)

// Write writes all pages that can be reached from the first one, and the page that says
// that there is none, into a folder. It returns how many files and bytes it has written. A
// link that leads nowhere is an error.
func Write(book *site.Book, dir string) (files, size int, err error) {
	pages := append([]string{"", site.NotFound, "search.js"}, book.Recordings()...) // which scripts load
	seen := map[string]bool{}
	for _, name := range pages {
		seen[name] = true
	}
	for len(pages) > 0 {
		name := pages[0]
		pages = pages[1:]
		page, err := book.Page(name)
		if err != nil {
			return files, size, fmt.Errorf("the page /%s: %w", name, err)
		}
		body, err := small(page)
		if err != nil {
			return files, size, fmt.Errorf("the page /%s: %w", name, err)
		}
		if err := File(dir, name, body); err != nil {
			return files, size, err
		}
		files, size = files+1, size+len(body)
		if !strings.HasPrefix(page.Type, "text/html") || name == site.NotFound {
			continue
		}
		targets, err := links(name, page.Body)
		if err != nil {
			return files, size, fmt.Errorf("the page /%s: %w", name, err)
		}
		for _, target := range targets {
			if !seen[target] {
				seen[target] = true
				pages = append(pages, target)
			}
		}
	}
	return files, size, nil
}

// File writes the page of that name into a folder.
func File(dir, name string, body []byte) error {
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

// links returns the pages to which a page links, and what it loads.
func links(name string, body []byte) ([]string, error) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var list []string
	for node := range root.Descendants() {
		for _, a := range node.Attr {
			if a.Key != "href" && a.Key != "src" {
				continue
			}
			target, err := resolve(name, a.Val)
			if err != nil {
				return nil, err
			}
			if target != nil {
				list = append(list, *target)
			}
		}
	}
	return list, nil
}

// resolve returns the page to which a link leads, or nil if it is none of the book's.
func resolve(name, link string) (*string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "" || u.Host != "" || u.Path == "" {
		return nil, nil
	}
	if strings.HasPrefix(u.Path, "/") {
		return nil, fmt.Errorf("the link %s is not relative", link)
	}
	// Above the first page, path.Join would stay where it is.
	if strings.Count(u.Path, "../") > strings.Count(name, "/") {
		return nil, fmt.Errorf("the link %s leads out of the book", link)
	}
	target := strings.TrimPrefix(path.Join("/", name[:strings.LastIndex(name, "/")+1], u.Path), "/")
	if strings.HasSuffix(u.Path, "/") && target != "" {
		target += "/"
	}
	if path.Base(target) == "index.html" {
		target = strings.TrimSuffix(target, "index.html")
	}
	return &target, nil
}
