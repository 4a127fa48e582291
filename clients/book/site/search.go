package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"

	"example.com/concurrent-network-server/clients/book/repo"
)

// A found is something that search can find. Its names are short because the index has
// many of them.
type found struct {
	Page    string `json:"p"`           // from the first page
	Title   string `json:"t,omitempty"` // of the page
	Heading string `json:"h,omitempty"`
	Text    string `json:"x,omitempty"`
	Funcs   string `json:"f,omitempty"` // of a file: their names, each with its line
}

// searchIndex returns what the script searches. It is a script itself and not data,
// because a browser that shows a file from a disk loads no other.
func (b *Book) searchIndex() (*Page, error) {
	all, err := b.everything()
	if err != nil {
		return nil, err
	}
	shorten(all)
	var out bytes.Buffer
	out.WriteString("book.index = ")
	if err := json.NewEncoder(&out).Encode(all); err != nil {
		return nil, err
	}
	return &Page{"text/javascript; charset=utf-8", out.Bytes()}, nil
}

// shorten leaves out of each what it has in common with the one before: the page, and its title.
func shorten(all []found) {
	for i := len(all) - 1; i > 0; i-- {
		before, _, _ := strings.Cut(all[i-1].Page, "#")
		if id, ok := strings.CutPrefix(all[i].Page, before+"#"); ok {
			all[i].Page = "#" + id
		}
		if all[i].Title == all[i-1].Title {
			all[i].Title = ""
		}
	}
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
	var all []found
	for _, file := range append(files, b.exerciseFiles()...) {
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
		all = append(all, found{Page: b.href("", page), Title: doc.Title})
		for _, s := range doc.Sections {
			all = append(all, found{Page: b.href("", page) + "#" + s.ID, Title: doc.Title, Heading: s.Title, Text: s.Text})
		}
	}
	for _, t := range b.terms {
		href, err := b.link("", "README.md", t.Link)
		if err != nil {
			return nil, err
		}
		all = append(all, found{Page: href, Title: fmt.Sprintf("Glossary, chapter %d", t.Chapter), Heading: t.Name, Text: t.Meaning})
	}
	for _, e := range b.menu() {
		all = append(all, found{Page: b.href("", e.Page), Title: e.Title})
	}
	for i, c := range b.chapters[1:] {
		all = append(all, found{Page: b.href("", stepName(b.chapters[i].Number, c.Number)),
			Title: fmt.Sprintf("Step from chapter %d to %d", b.chapters[i].Number, c.Number)})
	}
	code, err := b.foundCode()
	return append(all, code...), err
}

// foundCode returns the chapters' files, and what can be found in them by its name: where it is for the first time.
func (b *Book) foundCode() ([]found, error) {
	var all []found
	known := map[string]bool{}
	for _, c := range b.chapters {
		names, err := repo.Code(b.fsys, c.Folder)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			source, err := repo.Source(b.fsys, c.Folder+"/"+name)
			if err != nil {
				return nil, err
			}
			f := found{Page: c.Folder + "/" + name + ".html", Title: fmt.Sprintf("Chapter %d", c.Number), Heading: name}
			if text := strings.ReplaceAll(string(source), c.Folder, ""); !known[text] {
				known[text], f.Funcs = true, funcs(name, source)
			}
			all = append(all, f)
		}
	}
	return all, nil
}

// funcs returns the functions, methods and types of a Go file, each with its line; of a test file, the tests.
func funcs(name string, source []byte) string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	var list []string
	for _, decl := range file.Decls {
		var id *ast.Ident
		switch d := decl.(type) {
		case *ast.FuncDecl:
			id = d.Name
		case *ast.GenDecl:
			if t, ok := d.Specs[0].(*ast.TypeSpec); ok {
				id = t.Name
			}
		}
		if id != nil && (!strings.HasSuffix(name, "_test.go") || strings.HasPrefix(id.Name, "Test")) {
			list = append(list, fmt.Sprintf("%s:%d", id.Name, set.Position(id.Pos()).Line))
		}
	}
	return strings.Join(list, " ")
}

// exerciseFiles returns the exercises' texts in the order of the chapters.
func (b *Book) exerciseFiles() []string {
	var files []string
	for _, c := range b.chapters {
		texts, _ := fs.Glob(b.fsys, c.Folder+"/exercises/[0-9]*.md") // the pattern is a good one
		files = append(files, texts...)
	}
	return files
}
