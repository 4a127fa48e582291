package site

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// An exercise is a task of a chapter.
type exercise struct {
	ID, Title, Page string // 3.1
	Lead            template.HTML
}

// exercises makes the page that lists all of them.
func (b *Book) exercises() (*Page, error) {
	files, err := b.exerciseFiles()
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, fs.ErrNotExist)
	}
	byChapter := map[int][]exercise{}
	for _, file := range files {
		chapter, _, _ := strings.Cut(file, "/")
		number := b.chapters[b.index(chapter)].Number
		page, err := b.place(file)
		if err != nil {
			return nil, err
		}
		doc, err := b.doc("exercises/", file)
		if err != nil {
			return nil, err
		}
		n, _, _ := strings.Cut(path.Base(file), "-")
		byChapter[number] = append(byChapter[number], exercise{fmt.Sprintf("%d.%s", number, n), doc.Title, page, doc.Lead})
	}
	return b.render("exercises/", "exercises", "Exercises", byChapter)
}

// readDir returns what is in a folder. One that is not there is empty.
func readDir(fsys fs.FS, name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}
