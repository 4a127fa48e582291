package step

import (
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
)

// around is how many unchanged lines are shown before and after a change.
const around = 3

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
	for _, group := range groups(changes(a.text, b.text)) {
		list = append(list, hunk(a, b, group))
	}
	return list
}

// A change replaces the lines a0 to a1 of the old file by the lines b0 to b1 of the new.
type change struct{ a0, a1, b0, b1 int }

func changes(a, b []string) []change {
	var list []change
	last, same := [2]int{}, 0 // where the run of same lines ends, and its length
	for _, p := range append(common(a, b), [2]int{len(a), len(b)}) {
		if p != last {
			list = append(list, settle(a, b, change{last[0], p[0], last[1], p[1]}, same))
			same = 0
		}
		last = [2]int{p[0] + 1, p[1] + 1}
		same++
	}
	return list
}

// settle moves a pure insertion or deletion up, where the result is the same, until it
// ends with an empty line: what is added is a whole function then, and not the end of one
// and the beginning of the next. Room is the number of same lines before it.
func settle(a, b []string, c change, room int) change {
	lines, from, to := b, c.b0, c.b1
	if c.b0 == c.b1 {
		lines, from, to = a, c.a0, c.a1
	} else if c.a0 != c.a1 {
		return c
	}
	for shift := 0; shift <= room; shift++ {
		if strings.TrimSpace(lines[to-shift-1]) == "" {
			return change{c.a0 - shift, c.a1 - shift, c.b0 - shift, c.b1 - shift}
		}
		if shift < room && lines[from-shift-1] != lines[to-shift-1] {
			break
		}
	}
	return c
}

// groups puts changes together that are so close that nothing would be left out between.
func groups(changes []change) [][]change {
	var list [][]change
	for i, c := range changes {
		if i == 0 || c.a0-changes[i-1].a1 > 2*around {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], c)
	}
	return list
}

func hunk(a, b file, group []change) Hunk {
	first, last := group[0], group[len(group)-1]
	before := min(around, first.a0)
	h := Hunk{Old: first.a0 - before, New: first.b0 - before}
	at := h.Old
	for _, c := range group {
		h.same(a, b, at, c.a0, c.b0-c.a0)
		h.Blocks = append(h.Blocks, Block{Rows: rows(a, b, c)})
		at = c.a1
	}
	h.same(a, b, at, min(last.a1+around, len(a.text)), last.b1-last.a1)
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
