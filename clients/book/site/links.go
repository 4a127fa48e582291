package site

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"example.com/concurrent-network-server/clients/book/repo"
)

// results is the folder whose Markdown is the page of the measurements.
const results = "clients/results"

// place returns the page on which a file or folder of the repository is shown.
func (b *Book) place(name string) (page string, err error) {
	info, err := fs.Stat(b.fsys, name)
	if err != nil {
		return "", fmt.Errorf("%s is not there", name)
	}
	switch {
	case name == "README.md" || name == ".":
		return "guide/", nil
	case name == results || path.Dir(name) == results && path.Ext(name) == ".md":
		return "results/", nil
	case info.IsDir():
		return b.placeOfFolder(name)
	case path.Base(name) == "README.md":
		return path.Dir(name) + "/", nil
	case path.Ext(name) == ".md":
		return strings.TrimSuffix(name, ".md") + "/", nil
	case path.Ext(name) == ".png":
		return name, nil
	}
	if _, err := repo.Source(b.fsys, name); err != nil {
		return "", fmt.Errorf("%s is no text", name)
	}
	return name + ".html", nil
}

// placeOfFolder returns the page of a folder's README. A folder without one is shown by the
// file with which to begin.
func (b *Book) placeOfFolder(name string) (page string, err error) {
	if _, _, err := b.first(name + "/README.md"); err == nil {
		return name + "/", nil
	}
	names := b.siblings(name)
	if len(names) == 0 {
		return "", fmt.Errorf("the folder %s has nothing to read", name)
	}
	return name + "/" + firstFile(names) + ".html", nil
}

// href returns a link from one page to another, relative to the first: the site works at
// any address, and from a disk.
func (b *Book) href(from, to string) string {
	if b.options.Files && (to == "" || strings.HasSuffix(to, "/")) {
		to += "index.html"
	}
	if from == NotFound {
		return b.options.Base + to
	}
	// What both have in common at the beginning need not be said.
	for {
		folder, rest, ok := strings.Cut(from, "/")
		same, isBelow := strings.CutPrefix(to, folder+"/")
		if !ok || !isBelow || same == "" {
			break
		}
		from, to = rest, same
	}
	if up := strings.Repeat("../", strings.Count(from, "/")); up+to != "" {
		return up + to
	}
	return "./"
}

// link returns where the destination of a link in a file leads, as it stands in a page.
func (b *Book) link(page, file, destination string) (string, error) {
	u, err := url.Parse(destination)
	if err != nil {
		return "", err
	}
	if u.Scheme != "" || u.Host != "" || u.Path == "" {
		return destination, nil
	}
	name := path.Join(path.Dir(file), u.Path)
	if !fs.ValidPath(name) {
		return "", fmt.Errorf("the link %s leads out of the workbook", destination)
	}
	to, err := b.place(name)
	if err != nil {
		return "", fmt.Errorf("the link %s leads nowhere: %w", destination, err)
	}
	if u.Fragment == "the-nine-chapters" {
		to = "" // the contents show them as a picture
	}
	return b.href(page, to) + fragment(u), nil
}

func fragment(u *url.URL) string {
	if u.Fragment == "" {
		return ""
	}
	return "#" + u.EscapedFragment()
}
