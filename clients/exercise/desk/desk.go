// Package desk is where a reader writes: the working copies of the exercises, what is checked
// there, and what is solved. The program exercise shows it in a terminal, and the book in a browser.
package desk

import (
	"os"
	"path/filepath"
	"slices"

	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// A Desk has the exercises of a workbook, and a folder for the reader's copies.
type Desk struct {
	Root      string // of the workbook
	My        string // the folder of the copies
	Exercises []hole.Exercise
}

// Open returns the desk of a workbook. The copies are in its folder my, or in $WORKBOOK_MY.
func Open(list []chapters.Chapter, root string) (*Desk, error) {
	d := &Desk{Root: root, My: os.Getenv("WORKBOOK_MY")}
	if d.My == "" {
		d.My = filepath.Join(root, "my")
	}
	var err error
	d.Exercises, err = hole.Load(list)
	return d, err
}

// Progress returns what has been done up to now, in the terminal and in the book.
func (d *Desk) Progress() (*hole.Progress, error) { return hole.ReadProgress(d.file()) }

// Change changes that, and returns it.
func (d *Desk) Change(change func(*hole.Progress)) (*hole.Progress, error) {
	return hole.ChangeProgress(d.file(), change)
}

func (d *Desk) file() string { return filepath.Join(d.My, "progress.json") }

// Dir returns the folder of an exercise's copy, whether it is there or not.
func (d *Desk) Dir(e hole.Exercise, p *hole.Progress) string {
	if dir := p.Dirs[e.ID]; dir != "" {
		return dir
	}
	return filepath.Join(d.My, e.Label())
}

// IsCopy reports whether there is a copy in a folder.
func IsCopy(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// Next returns the exercise that comes next: the one that was started and is not solved, which is
// then begun, or the first of its chapter, or after it, that is not and can be done on this system.
// It is nil if all are solved.
func (d *Desk) Next(p *hole.Progress) (next *hole.Exercise, begun bool) {
	last, err := hole.Find(d.Exercises, p.Last)
	if err == nil && !p.Solved[last.ID] {
		return &last, true
	}
	sameChapter := func(e hole.Exercise) bool { return e.Chapter.Number == last.Chapter.Number }
	begin := max(0, slices.IndexFunc(d.Exercises, sameChapter))
	for _, e := range slices.Concat(d.Exercises[begin:], d.Exercises[:begin]) {
		if !p.Solved[e.ID] && e.Chapter.Unavailable() == "" {
			return &e, false
		}
	}
	return nil, false
}

// Hint returns the number of the next hint, and notes that it has been given. After the last it is
// that one again.
func (d *Desk) Hint(e hole.Exercise) (n int, err error) {
	_, err = d.Change(func(p *hole.Progress) {
		n = min(p.Hints[e.ID]+1, len(e.Hints))
		p.Hints[e.ID] = n
	})
	return n, err
}
