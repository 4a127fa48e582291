package site

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strconv"
	"strings"

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
	Removed, Added   int
	OldPage, NewPage string
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
		for _, r := range b.Rows {
			if r.New != nil {
				end++
			}
		}
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
		p, view := &list[f.Part()], fileView{File: f}
		view.Removed, view.Added = f.Counts()
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
