package site

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/step"
)

// A stepView is all that changes between two chapters.
type stepView struct {
	Old, New *Chapter
	*summary
	Parts      []part
	Prev, Next string // the pages of the neighbours
}

// A part is a heading and the files below it. Those that one need not read are apart.
type part struct {
	Title         string
	Read, Renamed []fileView
	Same          []fileView
}

type fileView struct {
	step.File
	Says             string // the first sentence of its first comment
	Removed, Added   int
	OldPage, NewPage string
}

// counted returns the view of a file, with how many of its lines go and come.
func counted(f step.File) fileView {
	removed, added := f.Counts()
	return fileView{File: f, Removed: removed, Added: added}
}

// Left returns how many lines of the new file are left out before a hunk.
func (f fileView) Left(i int) int {
	h := f.Hunks[i]
	if i == 0 {
		return h.New
	}
	before := f.Hunks[i-1]
	end := before.New
	for _, b := range before.Blocks {
		_, new := b.Counts()
		end += new
	}
	return h.New - end
}

// A summary says how much there is to read in a step.
type summary struct {
	Server, Tests count
	Same, Renamed int // files that need not be read
}

type count struct{ Files, Removed, Added int }

// Lines returns how many lines there are to read.
func (c count) Lines() int { return c.Removed + c.Added }

func summarize(files []step.File) *summary {
	s := &summary{}
	for _, f := range files {
		switch {
		case f.Kind == step.Same:
			s.Same++
		case f.Kind == step.Renamed:
			s.Renamed++
		case f.Part() == step.Server:
			s.Server.add(f)
		case f.Part() == step.Tests:
			s.Tests.add(f)
		}
	}
	return s
}

func (c *count) add(f step.File) {
	removed, added := f.Counts()
	c.Files, c.Removed, c.Added = c.Files+1, c.Removed+removed, c.Added+added
}

// stepName returns the page of a step.
func stepName(from, to int) string { return fmt.Sprintf("step/%d-%d/", from, to) }

// stepPage makes the page of a step from its name.
func (b *Book) stepPage(name string) (*Page, error) {
	for i, c := range b.chapters[1:] {
		if name != stepName(b.chapters[i].Number, c.Number) {
			continue
		}
		files, err := b.steps[i]()
		if err != nil {
			return nil, err
		}
		v := &stepView{Old: b.chapters[i], New: c, summary: summarize(files), Parts: parts(b.chapters[i], c, files)}
		if err := b.arrange(v); err != nil {
			return nil, err
		}
		if i > 0 {
			v.Prev = stepName(b.chapters[i-1].Number, v.Old.Number)
		}
		if i+2 < len(b.chapters) {
			v.Next = stepName(c.Number, b.chapters[i+2].Number)
		}
		return b.render(name, "step", fmt.Sprintf("From chapter %d to %d", v.Old.Number, c.Number), v)
	}
	return nil, fs.ErrNotExist
}

func parts(old, new *Chapter, files []step.File) []part {
	list := []part{{Title: "The server"}, {Title: "The tests"}, {Title: "The module"}}
	for _, f := range files {
		p, view := &list[f.Part()], counted(f)
		if f.Old != "" {
			view.OldPage = old.Folder + "/" + f.Old + ".html"
		}
		if f.New != "" {
			view.NewPage = new.Folder + "/" + f.New + ".html"
		}
		switch f.Kind {
		case step.Same:
			p.Same = append(p.Same, view)
		case step.Renamed:
			p.Renamed = append(p.Renamed, view)
		default:
			p.Read = append(p.Read, view)
		}
	}
	return list
}

// arrange puts the files into the order in which the later chapter's text comes to speak of them, and says
// what each is. Those of which it doesn't speak are last.
func (b *Book) arrange(v *stepView) error {
	readme, err := repo.Source(b.fsys, v.New.Folder+"/README.md")
	if err != nil {
		return err
	}
	for i := range v.Parts {
		files := v.Parts[i].Read
		slices.SortStableFunc(files, func(a, b fileView) int {
			return cmp.Compare(mentioned(readme, a.Name()), mentioned(readme, b.Name()))
		})
		for j := range files {
			page := cmp.Or(files[j].NewPage, files[j].OldPage)
			source, err := repo.Source(b.fsys, strings.TrimSuffix(page, ".html"))
			if err != nil {
				return err
			}
			files[j].Says = says(files[j].Name(), source)
		}
	}
	return nil
}

// mentioned returns where a text quotes a file, or leads to it, first.
func mentioned(readme []byte, name string) int {
	pattern := "(?m)^```(go|diff) .*\\b" + regexp.QuoteMeta(name) + "$|\\]\\(" + regexp.QuoteMeta(name) + "[)#]"
	if at := regexp.MustCompile(pattern).FindIndex(readme); at != nil {
		return at[0]
	}
	return len(readme)
}

// says returns the first sentence of the comment that says what a Go file is: the package's, or else that of
// its first test, type or function.
func says(name string, source []byte) string {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	comments := map[string]*ast.CommentGroup{"package": file.Doc}
	note := func(kind string, doc *ast.CommentGroup) {
		if comments[kind] == nil {
			comments[kind] = doc
		}
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.GenDecl:
			note(d.Tok.String(), d.Doc)
		case *ast.FuncDecl:
			if note("func", d.Doc); strings.HasPrefix(d.Name.Name, "Test") {
				note("test", d.Doc)
			}
		}
	}
	for _, kind := range []string{"package", "test", "type", "func", "var", "const"} {
		if text := new(doc.Package).Synopsis(comments[kind].Text()); text != "" {
			return text
		}
	}
	return ""
}

// stepLink returns where the difference of two files is shown, if they are of neighbours.
func (b *Book) stepLink(page, old, new string) string {
	from, _, _ := strings.Cut(old, "/")
	to, name, _ := strings.Cut(new, "/")
	i := b.index(from)
	if i < 0 || i+1 >= len(b.chapters) || b.chapters[i+1].Folder != to {
		return ""
	}
	return b.href(page, stepName(b.chapters[i].Number, b.chapters[i+1].Number)) + "#" + path.Clean(name)
}

// rows writes a block: all lines of the old file, and then all of the new. Where one side
// has no line, there is an empty one, so that the stylesheet can put both side by side.
func rows(b step.Block) template.HTML {
	var out strings.Builder
	element := map[bool][2]string{true: {"span", "span"}, false: {"del", "ins"}}[b.Same]
	for _, r := range b.Rows {
		writeRow(&out, element[0], "old", r.Old)
	}
	for _, r := range b.Rows {
		writeRow(&out, element[1], "new", r.New)
	}
	return template.HTML(out.String())
}

func writeRow(out *strings.Builder, element, side string, line *step.Line) {
	if line == nil {
		out.WriteString(`<i class=` + side + `></i>`)
		return
	}
	out.WriteString("<" + element + ` class=` + side + `><b data-n=` + strconv.Itoa(line.Number) + `></b>`)
	out.WriteString(string(line.Code.Mark(line.Marked)) + "\n</" + element + ">")
}
