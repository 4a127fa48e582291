package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// A Page is what is served under a path.
type Page struct {
	Type string // the media type
	Body []byte
}

// NotFound is the page that says that there is no such page.
const NotFound = "404.html"

//go:embed pages style script start.js icon.svg
var assets embed.FS

// Page returns the page of a path like "", chapter03-goroutine-per-client/, step/3-4/ or
// clients/talk/main.go.html. One that does not exist is fs.ErrNotExist.
func (b *Book) Page(name string) (*Page, error) {
	switch name {
	case "book.css":
		return joined("text/css; charset=utf-8", "style/*.css")
	case "book.js":
		return joined("text/javascript; charset=utf-8", "script/*.js")
	case "start.js":
		return joined("text/javascript; charset=utf-8", "start.js")
	case "icon.svg":
		return joined("image/svg+xml", "icon.svg")
	case "search.js":
		return b.searchIndex()
	case NotFound:
		return b.render(name, "missing", "Not here", nil)
	case "":
		return b.contents()
	case "guide/":
		return b.article(name, "README.md")
	case "results/":
		return b.article(name, results+"/bench.md")
	case "exercises/":
		return b.exercises()
	case "lab/":
		return b.labPage()
	}
	if strings.HasPrefix(name, "recordings/") {
		return b.recording(name)
	}
	if strings.HasPrefix(name, "step/") {
		return b.stepPage(name)
	}
	if !fs.ValidPath(strings.TrimSuffix(name, "/")) {
		return nil, fs.ErrNotExist
	}
	if folder, ok := strings.CutSuffix(name, "/"); ok {
		file, _, err := b.first(folder+"/README.md", folder+".md")
		if err != nil {
			return nil, err
		}
		if isExercise(file) {
			return b.exercisePage(name, file)
		}
		return b.article(name, file)
	}
	if file, ok := strings.CutSuffix(name, ".html"); ok {
		return b.codePage(name, file)
	}
	if path.Ext(name) == ".png" {
		body, err := fs.ReadFile(b.fsys, name)
		return &Page{"image/png", body}, err
	}
	return nil, fs.ErrNotExist
}

// joined returns files of ours as one, in the order of their names.
func joined(mediaType, pattern string) (*Page, error) {
	names, err := fs.Glob(assets, pattern)
	page := &Page{Type: mediaType}
	for _, name := range names {
		text, err := assets.ReadFile(name)
		if err != nil {
			return nil, err
		}
		page.Body = append(page.Body, text...)
	}
	return page, err
}

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"href":  func(v view, to string) string { return v.book.href(v.Path, to) },
	"pin":   func(v view, data any) view { v.Data = data; return v },
	"rows":  rows,
	"upper": upper,
	"inc":   func(i int) int { return i + 1 },
	// Where the bars of a small timeline are, in a lane of 28 units.
	"top":   func(lane, y int) int { return 28*lane + y },
	"left":  func(l Lane) int { return min(l.Connected+l.Wait, 1000-leastWork) },
	"wide":  func(l Lane) int { return max(l.Work, leastWork) },
	"step":  stepName,
	"hours": hours,
	"plural": func(n int, one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %s", n, many)
	},
}).ParseFS(assets, "pages/*.html"))

// A view is what the templates see of a page.
type view struct {
	book     *Book
	Path     string
	Kind     string // the template of what is in it
	Title    string
	Chapters []*Chapter
	More     []entry // the other pages of the menu
	Data     any     // of that kind
	Main     template.HTML
}

// Description says what the page is, to a search engine.
func (v view) Description() string {
	const book = "One small TCP server in Go, built nine ways, from a blocking loop to CPU off-loading."
	for _, c := range v.Chapters {
		if v.Path == c.Folder+"/" && c.Why != "" {
			return fmt.Sprintf("Chapter %d, %s: %s. %s", c.Number, c.Title, strings.TrimSuffix(c.Why, "."), book)
		}
	}
	return v.Title + ". " + book
}

// leastWork is the width of what takes no time and has to be seen, in thousandths.
const leastWork = 16

// An entry is a link of the menu.
type entry struct {
	Title, Page string
	Current     bool
}

// render makes a page from the template of a kind.
func (b *Book) render(name, kind, title string, data any) (*Page, error) {
	v := view{book: b, Path: name, Kind: kind, Title: title, Chapters: b.chapters, Data: data}
	for _, e := range b.menu() {
		e.Current = e.Page == name
		v.More = append(v.More, e)
	}
	var main, page bytes.Buffer
	if err := templates.ExecuteTemplate(&main, kind, v); err != nil {
		return nil, err
	}
	v.Main = template.HTML(main.String())
	err := templates.ExecuteTemplate(&page, "page", v)
	return &Page{"text/html; charset=utf-8", page.Bytes()}, err
}

// menu returns the pages that are no chapters, as far as they are there.
func (b *Book) menu() []entry {
	list := []entry{{Title: "Guide", Page: "guide/"}}
	if b.options.Lab != NoLab {
		list = append(list, entry{Title: "Lab", Page: "lab/"})
	}
	if len(b.exerciseFiles()) > 0 {
		list = append(list, entry{Title: "Exercises", Page: "exercises/"})
	}
	for _, e := range []struct{ title, page, file string }{
		{"Clients", "clients/", "clients/README.md"},
		{"Results", "results/", results + "/bench.md"},
	} {
		if _, _, err := b.first(e.file); err == nil {
			list = append(list, entry{Title: e.title, Page: e.page})
		}
	}
	return list
}
