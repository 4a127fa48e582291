package site

import (
	"io"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/book/step"
)

// WriteBeside writes the files of a reader next to those of the book, as a piece of a page: only what
// differs, and some lines around that.
func WriteBeside(w io.Writer, own, book map[string]string) error {
	var files []fileView
	for name, text := range book {
		own := own[name]
		for _, f := range step.Compare(step.Tree{Files: map[string]string{name: own}}, step.Tree{Files: map[string]string{name: text}}) {
			files = append(files, fileView{File: f})
		}
	}
	slices.SortFunc(files, func(a, b fileView) int { return strings.Compare(a.New, b.New) })
	return templates.ExecuteTemplate(w, "beside", files)
}
