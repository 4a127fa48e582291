package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"example.com/concurrent-network-server/clients/book/repo"
)

// A found is something that search can find. Its names are short because the index has
// many of them.
type found struct {
	Page    string `json:"p"` // from the first page
	Title   string `json:"t"` // of the page
	Heading string `json:"h"`
	Text    string `json:"x"`
}

// searchIndex returns what the script searches. It is a script itself and not data,
// because a browser that shows a file from a disk loads no other.
func (b *Book) searchIndex() (*Page, error) {
	all, err := b.everything()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("book.index = ")
	if err := json.NewEncoder(&out).Encode(all); err != nil {
		return nil, err
	}
	return &Page{"text/javascript; charset=utf-8", out.Bytes()}, nil
}

func (b *Book) everything() ([]found, error) {
	files := []string{"README.md"}
	for _, c := range b.chapters {
		files = append(files, c.Folder+"/README.md")
		for _, module := range repo.Modules(b.fsys, c.Folder) {
			files = append(files, module+"/README.md")
		}
	}
	files = append(files, "clients/README.md", results+"/bench.md")
	exercises, err := b.exerciseFiles()
	if err != nil {
		return nil, err
	}
	var all []found
	for _, file := range append(files, exercises...) {
		if _, _, err := b.first(file); err != nil {
			continue
		}
		page, err := b.place(file)
		if err != nil {
			return nil, err
		}
		doc, err := b.doc(page, file)
		if err != nil {
			return nil, err
		}
		all = append(all, found{b.href("", page), doc.Title, "", ""})
		for _, s := range doc.Sections {
			all = append(all, found{b.href("", page) + "#" + s.ID, doc.Title, s.Title, s.Text})
		}
	}
	for _, t := range b.terms {
		href, err := b.link("", "README.md", t.Link)
		if err != nil {
			return nil, err
		}
		all = append(all, found{href, fmt.Sprintf("Glossary, chapter %d", t.Chapter), t.Name, t.Meaning})
	}
	return all, nil
}

// exerciseFiles returns the exercises' texts in the order of the chapters.
func (b *Book) exerciseFiles() ([]string, error) {
	var files []string
	for _, c := range b.chapters {
		entries, err := readDir(b.fsys, c.Folder+"/exercises")
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if name := entry.Name(); path.Ext(name) == ".md" && !strings.HasPrefix(name, "README") {
				files = append(files, c.Folder+"/exercises/"+name)
			}
		}
	}
	return files, nil
}
