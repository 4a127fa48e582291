package site

import (
	"bytes"
	"fmt"
	"html/template"
	"image/png"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/book/diagram"
	"example.com/concurrent-network-server/clients/book/prose"
	"example.com/concurrent-network-server/clients/book/repo"
)

// An article is a Markdown file as a page. Its chapter is nil if it is none of the nine.
type article struct {
	*prose.Doc
	Heading string
	Chapter *Chapter
	Minutes int
	Code    string // the page of the chapter's first file
	Step    *summary
	Prev    *Chapter
	Next    *Chapter
	Lab     string // what its lab can offer, as JSON
	Write   *list  // the chapter's exercises, if it has any
}

// linksToContents is the line of links on top of each README, which the page has in its
// own places.
var linksToContents = regexp.MustCompile(`^<p><a href="[^"]*">All chapters</a>(?s:.*?)</p>\n`)

// article makes the page of a Markdown file.
func (b *Book) article(page, file string) (*Page, error) {
	doc, err := b.doc(page, file)
	if err != nil {
		return nil, err
	}
	a := &article{Doc: doc, Heading: doc.Title, Minutes: prose.Minutes(doc.Words)}
	if i := b.index(path.Dir(file)); i >= 0 && path.Base(file) == "README.md" {
		if err := b.placeInPlot(a, i); err != nil {
			return nil, err
		}
	}
	return b.render(page, "article", doc.Title, a)
}

// doc renders a Markdown file for a page.
func (b *Book) doc(page, file string) (*prose.Doc, error) {
	text, err := repo.Source(b.fsys, file)
	if err != nil {
		return nil, err
	}
	s := prose.Source{Name: file, Text: text, Terms: b.termsFor(page, file)}
	s.Link = func(destination string) (string, error) { return b.link(page, file, destination) }
	s.Read = func(name string) ([]byte, error) { return repo.Source(b.fsys, path.Join(path.Dir(file), name)) }
	s.Picture = func(destination, description string) (template.HTML, error) {
		return b.picture(page, path.Join(path.Dir(file), destination), description)
	}
	s.Diagram = func(n int, source string) (template.HTML, error) {
		svg, err := diagram.Read(b.fsys, file, n, source)
		if err != nil {
			return "", err
		}
		drawing, err := inline(svg, fmt.Sprintf("diagram-%d", n))
		return `<figure class="picture diagram">` + drawing + "</figure>\n", err
	}
	s.Step = func(old, new string) string {
		return b.stepLink(page, path.Join(path.Dir(file), old), path.Join(path.Dir(file), new))
	}
	if s.Card, err = b.cardOf(page, file); err != nil {
		return nil, err
	}
	doc, err := prose.Render(s)
	if err != nil {
		return nil, err
	}
	doc.Lead = template.HTML(linksToContents.ReplaceAllString(string(doc.Lead), ""))
	return doc, nil
}

// cardOf returns the card of a chapter's README, if it has one.
func (b *Book) cardOf(page, file string) (template.HTML, error) {
	i := b.index(path.Dir(file))
	if i < 0 || path.Base(file) != "README.md" {
		return "", nil
	}
	offer, err := b.card(b.chapters[i], page)
	if err != nil || offer == "" {
		return "", err
	}
	var out strings.Builder
	err = templates.ExecuteTemplate(&out, "card", offer)
	return template.HTML(out.String()), err
}

// otherwise are terms that a chapter uses in another sense first: the kernel's events, a stack's
// frame, the deadline of a scheduler, a session of the kernel's.
var otherwise = map[int][]string{5: {"event"}, 7: {"frame"}, 8: {"frame"}, 9: {"deadline", "event", "session"}}

// termsFor returns the terms of the glossary that a chapter's reader has met, or meets.
func (b *Book) termsFor(page, file string) []prose.Term {
	i := b.index(path.Dir(file))
	if i < 0 {
		return nil
	}
	var terms []prose.Term
	for _, t := range b.terms {
		href, err := b.link(page, "README.md", t.Link)
		if err != nil || t.Chapter > b.chapters[i].Number || slices.Contains(otherwise[b.chapters[i].Number], t.Name) {
			continue
		}
		if t.Link = href; t.Chapter == b.chapters[i].Number {
			t.Link = "" // it is here
		}
		terms = append(terms, t)
	}
	return terms
}

// placeInPlot adds what comes before and after a chapter.
func (b *Book) placeInPlot(a *article, i int) error {
	a.Chapter, a.Heading = b.chapters[i], upper(b.chapters[i].Title)
	var err error
	if a.Lab, err = b.labOffer(a.Chapter.Folder+"/", a.Chapter.Number); err != nil {
		return err
	}
	l, err := b.list()
	if err != nil {
		return err
	}
	if of := l.Of(a.Chapter); len(of.Exercises) > 0 {
		a.Write = of
	}
	names, err := repo.Code(b.fsys, a.Chapter.Folder)
	if err != nil {
		return err
	}
	a.Code = a.Chapter.Folder + "/" + firstFile(names) + ".html"
	if i > 0 {
		files, err := b.steps[i-1]()
		if err != nil {
			return err
		}
		a.Prev, a.Step = b.chapters[i-1], summarize(files)
	}
	if i+1 < len(b.chapters) {
		a.Next = b.chapters[i+1]
	}
	return nil
}

// firstFile returns the file with which to begin to read.
func firstFile(names []string) string {
	for _, first := range []string{"main.go", "doc.go"} {
		if slices.Contains(names, first) {
			return first
		}
	}
	return names[0]
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// picture returns an image of the repository. A drawing becomes part of the page, so that
// it has the page's colours and its text can be selected.
func (b *Book) picture(page, name, description string) (template.HTML, error) {
	data, err := fs.ReadFile(b.fsys, name)
	if err != nil {
		return "", err
	}
	caption := "</figure>\n"
	if description != "" {
		caption = "<figcaption>" + template.HTMLEscapeString(description) + "</figcaption>" + caption
	}
	if path.Ext(name) == ".svg" {
		base := strings.TrimSuffix(path.Base(name), ".svg")
		drawing, err := inline(data, base)
		return template.HTML(`<figure class="picture `+base+`">`) + drawing + template.HTML(caption), err
	}
	size, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return template.HTML(fmt.Sprintf(`<figure class="picture"><img src="%s" alt="" width="%d" height="%d">`,
		b.href(page, name), size.Width, size.Height) + caption), nil
}
