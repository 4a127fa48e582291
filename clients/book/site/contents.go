package site

import (
	"html/template"
)

// A contentsView is the plot as a picture.
type contentsView struct {
	Title string
	Lead  template.HTML
	Rows  []plotRow
}

// A plotRow is a chapter, and the step that leads to it.
type plotRow struct {
	*Chapter
	Step *summary
	From int
	Page string
}

// contents makes the first page.
func (b *Book) contents() (*Page, error) {
	doc, err := b.doc("", "README.md")
	if err != nil {
		return nil, err
	}
	v := &contentsView{Title: doc.Title, Lead: doc.Lead}
	for i, c := range b.chapters {
		row := plotRow{Chapter: c, Page: c.Folder + "/"}
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
