package site

import (
	"html/template"
	"strings"
)

// A contentsView is the plot as a picture.
type contentsView struct {
	Title string
	Lead  template.HTML
	Rows  []plotRow
	Axis  int // of the small timelines: as long as the longest takes, in milliseconds
}

// Seconds is the axis.
func (v *contentsView) Seconds() float64 { return float64(v.Axis) / 1000 }

// A plotRow is a chapter, and the step that leads to it.
type plotRow struct {
	*Chapter
	Step  *summary
	From  int
	Page  string
	Small []Lane // on the axis of all
}

// contents makes the first page.
func (b *Book) contents() (*Page, error) {
	doc, err := b.doc("", "README.md")
	if err != nil {
		return nil, err
	}
	v := &contentsView{Title: doc.Title, Lead: short(doc.Lead)}
	for _, c := range b.chapters {
		v.Axis = max(v.Axis, c.Takes)
	}
	for i, c := range b.chapters {
		row := plotRow{Chapter: c, Page: c.Folder + "/", Small: c.on(v.Axis)}
		if i > 0 {
			files, err := b.steps[i-1]()
			if err != nil {
				return nil, err
			}
			row.From, row.Step = b.chapters[i-1].Number, summarize(files)
		}
		v.Rows = append(v.Rows, row)
	}
	return b.render("", "contents", doc.Title, v)
}

// short returns what a visitor reads first: what it is, and for whom. All of it is in the guide.
func short(lead template.HTML) template.HTML {
	const end = "</p>\n"
	paragraphs := strings.SplitAfter(string(lead), end)
	if len(paragraphs) < 3 {
		return lead
	}
	return template.HTML(paragraphs[0] + strings.Join(paragraphs[len(paragraphs)-2:], ""))
}
