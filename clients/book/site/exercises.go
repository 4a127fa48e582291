package site

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
)

// An exercise is a task of a chapter.
type exercise struct {
	ID, Title, Page string // 3.1
	Level           string
	Minutes         int
	Solved, Begun   bool // known of the reader to whom the book is served
	Chapter         *Chapter
	file            string
}

// A list is the exercises of the book, or of a chapter.
type list struct {
	Exercises []*exercise
	Live      bool // whether it is known what is solved
	Solved    int
	Next      *exercise // of all
	Begun     bool      // whether that has been begun
}

// Of returns the exercises of a chapter.
func (l *list) Of(c *Chapter) *list {
	of := &list{Live: l.Live}
	for _, e := range l.Exercises {
		if e.Chapter == c {
			of.add(e)
		}
	}
	return of
}

func (l *list) add(e *exercise) {
	l.Exercises = append(l.Exercises, e)
	if e.Solved {
		l.Solved++
	}
}

// Minutes returns how long all of them take.
func (l *list) Minutes() int {
	sum := 0
	for _, e := range l.Exercises {
		sum += e.Minutes
	}
	return sum
}

// list returns the exercises of the book, and what the reader has done with them.
func (b *Book) list() (*list, error) {
	l := &list{Live: b.options.Desk != nil}
	p := &hole.Progress{}
	next := ""
	if l.Live {
		if known, err := b.options.Desk.Progress(); err == nil { // the page says what is wrong with it
			p = known
		}
		if e, begun := b.options.Desk.Next(p); e != nil {
			next, l.Begun = e.ID, begun
		}
	}
	for _, file := range b.exerciseFiles() {
		e, err := b.exercise(file)
		if err != nil {
			return nil, err
		}
		e.Solved = p.Solved[e.ID]
		e.Begun = l.Live && desk.IsCopy(p.Dirs[e.ID])
		l.add(e)
		if e.ID == next {
			l.Next = e
		}
	}
	return l, nil
}

// exercise reads the text of an exercise.
func (b *Book) exercise(file string) (*exercise, error) {
	text, err := repo.Source(b.fsys, file)
	if err != nil {
		return nil, err
	}
	task, err := hole.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	folder, _, _ := strings.Cut(file, "/")
	chapter := b.chapters[b.index(folder)]
	n, _, _ := strings.Cut(path.Base(file), "-")
	e := &exercise{ID: fmt.Sprintf("%d.%s", chapter.Number, n), Level: task.Level, Minutes: task.Minutes, Chapter: chapter, file: file}
	e.Title = strings.ReplaceAll(task.Title, "'", "’")
	e.Page, err = b.place(file)
	return e, err
}

// exercises makes the page that lists all of them.
func (b *Book) exercises() (*Page, error) {
	l, err := b.list()
	if err != nil || len(l.Exercises) == 0 {
		return nil, errors.Join(err, fs.ErrNotExist)
	}
	v := &listView{l, map[string]template.HTML{}}
	for _, e := range l.Exercises {
		doc, err := b.doc("exercises/", e.file)
		if err != nil {
			return nil, err
		}
		why, _, _ := strings.Cut(string(doc.Lead), "</p>")
		v.Why[e.ID] = template.HTML(why + "</p>")
	}
	return b.render("exercises/", "exercises", "Exercises", v)
}

// A listView is the page of all of them, and says why each is worth doing.
type listView struct {
	*list
	Why map[string]template.HTML
}

// An exerciseView is one exercise, between its neighbours.
type exerciseView struct {
	*exercise
	Lead, Body template.HTML
	Live       bool
	Prev, Next *exercise
}

// isExercise reports whether a file is the text of an exercise.
func isExercise(file string) bool {
	return path.Base(path.Dir(file)) == "exercises" && path.Ext(file) == ".md" && folder.MatchString(path.Dir(path.Dir(file)))
}

// exercisePage makes the page of one exercise.
func (b *Book) exercisePage(page, file string) (*Page, error) {
	l, err := b.list()
	if err != nil {
		return nil, err
	}
	for i, e := range l.Exercises {
		if e.Page != page {
			continue
		}
		doc, err := b.doc(page, file)
		if err != nil {
			return nil, err
		}
		v := &exerciseView{exercise: e, Lead: doc.Lead, Body: doc.Body, Live: l.Live}
		if i > 0 {
			v.Prev = l.Exercises[i-1]
		}
		if i+1 < len(l.Exercises) {
			v.Next = l.Exercises[i+1]
		}
		return b.render(page, "exercise", e.ID+" "+e.Title, v)
	}
	return nil, fs.ErrNotExist
}

// hours says how long something takes: in minutes, or in hours if there are some.
func hours(minutes int) string {
	if minutes < 120 {
		return fmt.Sprintf("%d minutes", minutes)
	}
	return fmt.Sprintf("about %d hours", (minutes+30)/60)
}
