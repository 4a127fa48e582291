package step

import (
	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/internal/diff"
)

// A Hunk is a part of a file that has changed, with a few lines around it.
type Hunk struct {
	Old, New int // the numbers of the lines that are left out before it, in each file
	Blocks   []Block
}

// A Block is a run of lines that are all the same in both files, or all changed.
type Block struct {
	Same bool
	Rows []Row
}

// Counts returns how many lines the block has in each file.
func (b Block) Counts() (old, new int) {
	for _, r := range b.Rows {
		if r.Old != nil {
			old++
		}
		if r.New != nil {
			new++
		}
	}
	return old, new
}

// A Row is a line of the old file beside the line of the new file that it has become. One
// of them may be missing.
type Row struct{ Old, New *Line }

// A Line is a line of a file. Marked are the words that the other line does not have.
type Line struct {
	Number int // from 1
	Code   code.Line
	Marked []code.Range
}

// A file is cut into lines.
type file struct {
	text []string
	code []code.Line
}

func split(name, text string) file {
	f := file{code: code.Lines(name, text)}
	for _, line := range f.code {
		f.text = append(f.text, line.Text())
	}
	return f
}

func (f file) line(i int) *Line { return &Line{Number: i + 1, Code: f.code[i]} }

// hunks compares two texts. The name says in which language they are.
func hunks(name, old, new string) []Hunk {
	a, b := split(name, old), split(name, new)
	var list []Hunk
	for _, group := range diff.Changes(a.text, b.text) {
		list = append(list, hunk(a, b, group))
	}
	return list
}

func hunk(a, b file, group []diff.Change) Hunk {
	first, last := group[0], group[len(group)-1]
	before := min(diff.Around, first.A0)
	h := Hunk{Old: first.A0 - before, New: first.B0 - before}
	at := h.Old
	for _, c := range group {
		h.same(a, b, at, c.A0, c.B0-c.A0)
		h.Blocks = append(h.Blocks, Block{Rows: rows(a, b, c)})
		at = c.A1
	}
	h.same(a, b, at, min(last.A1+diff.Around, len(a.text)), last.B1-last.A1)
	return h
}

// same adds the lines from one number to before another, which are the same in b but
// have numbers that differ by an offset.
func (h *Hunk) same(a, b file, from, to, offset int) {
	if from == to {
		return
	}
	block := Block{Same: true}
	for i := from; i < to; i++ {
		block.Rows = append(block.Rows, Row{a.line(i), b.line(i + offset)})
	}
	h.Blocks = append(h.Blocks, block)
}
