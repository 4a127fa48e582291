package drawing

import (
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/sched/trace"
)

const (
	nameWidth   = 11
	fewestCells = 8
)

// What a cell of a row shows.
var cells = [trace.Calls + 1]string{trace.Runs: "█", trace.Stands: "▒", trace.Waits: "·", trace.Calls: "▂"}

// Legend explains the cells.
const Legend = "█ runs  ▒ runnable: it could run, and nobody lets it  · waits  ▂ system call"

// Text draws the window in that many columns, if they are enough for anything.
func (w Window) Text(width int) []string {
	width = max(width-nameWidth, fewestCells)
	lines := []string{terminal.Bold(w.Title())}
	lines = append(lines, terminal.Wrap(Legend, width+nameWidth)...)
	lines = append(lines, "")
	for i, slices := range w.Ps {
		lines = append(lines, line(fmt.Sprint("P", i), w.cellsOfP(slices, width)))
	}
	lines = append(lines, "")
	for _, row := range w.present() {
		lines = append(lines, line(row.Name, w.cellsOf(row, width)))
	}
	from, to := w.clock(w.From), w.clock(w.To)
	return append(lines, line("", []string{fmt.Sprintf("%-*s%s", max(width-len([]rune(to)), 0), from, to)}))
}

func line(name string, cells []string) string {
	return strings.TrimRight(fmt.Sprintf("%-*s%s", nameWidth, name, strings.Join(cells, "")), " ")
}

// cell returns the time that is drawn in a cell.
func (w Window) cell(i, width int) (from, to time.Duration) {
	length := w.To - w.From
	return w.From + length*time.Duration(i)/time.Duration(width), w.From + length*time.Duration(i+1)/time.Duration(width)
}

// cellsOfP shows, in each cell, the client for whom the P has run longest. It is a dot if it has
// done nothing for most of the time, and a + if it has done something for nobody in particular.
func (w Window) cellsOfP(slices []trace.Slice, width int) []string {
	list := make([]string, width)
	for i := range list {
		from, to := w.cell(i, width)
		longest, best, busy := time.Duration(0), "", time.Duration(0)
		times := map[string]time.Duration{}
		for len(slices) > 0 && slices[0].To <= from {
			slices = slices[1:]
		}
		for _, s := range slices {
			if s.From >= to {
				break
			}
			for _, piece := range w.Pieces(s.Goroutine, max(s.From, from), min(s.To, to)) {
				mark := w.letter(piece.Client, s.Goroutine)
				times[mark] += piece.To - piece.From
				busy += piece.To - piece.From
				if times[mark] > longest {
					longest, best = times[mark], mark
				}
			}
		}
		switch {
		case busy == 0:
			best = " "
		case busy < (to-from)/2:
			best = "·"
		}
		list[i] = best
	}
	return list
}

// letter is a client's mark in one column.
func (w Window) letter(client int, goroutine int64) string {
	switch mark := w.mark(client); {
	case mark != "":
		return mark[len(mark)-1:]
	case goroutine == w.Loop:
		return "█"
	}
	return "+"
}

// cellsOf shows, in each cell, the state in which the row was longest; waiting only if there was
// nothing else.
func (w Window) cellsOf(row trace.Row, width int) []string {
	list := make([]string, width)
	spans := row.Spans
	for i := range list {
		from, to := w.cell(i, width)
		for len(spans) > 0 && spans[0].To <= from {
			spans = spans[1:]
		}
		list[i] = " "
		if row.Unseen != nil {
			if row.Unseen.Connected < to && (row.Unseen.Answered == 0 || row.Unseen.Answered > from) {
				list[i] = "┄"
			}
			continue
		}
		longest := time.Duration(0)
		var in [trace.Calls + 1]time.Duration
		for _, s := range spans {
			if s.From >= to {
				break
			}
			in[s.State] += min(s.To, to) - max(s.From, from)
			if in[s.State] > longest && s.State != trace.Waits {
				longest, list[i] = in[s.State], cells[s.State]
			} else if longest == 0 {
				list[i] = cells[s.State]
			}
		}
	}
	return list
}

// Table returns the figures of each row, over its whole life.
func (w Window) Table() []string {
	const layout = "%-10s%9s%9s%9s%9s%9s  %s"
	lines := []string{terminal.Bold(fmt.Sprintf(layout, "", "life", "ran", "runnable", "waited", "calls", "longest"))}
	for _, row := range w.Rows {
		if row.Unseen != nil {
			lines = append(lines, fmt.Sprintf("%-10s  %s", row.Name, strings.TrimPrefix(w.sentence(row), row.Name+" ")))
			continue
		}
		var cells []any
		for _, cell := range figures(row) {
			cells = append(cells, cell)
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf(layout, cells...), " "))
	}
	return lines
}

// longest says for what somebody has waited longest.
func longest(f trace.Figures) string {
	var parts []string
	if f.Stand.Length() > 0 {
		parts = append(parts, human.Duration(f.Stand.Length())+" runnable")
	}
	if f.Wait.Length() > 0 {
		parts = append(parts, human.Duration(f.Wait.Length())+" "+f.Wait.Why())
	}
	return strings.Join(parts, ", ")
}
