package drawing

import (
	"encoding/json"
	"fmt"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// A Sheet is a window as values, for a page that draws it by itself.
type Sheet struct {
	From  int64      `json:"from"` // microseconds since the scenario began
	To    int64      `json:"to"`
	Says  string     `json:"says"` // what it shows, in words
	Ps    []Strip    `json:"ps"`
	Rows  []Strip    `json:"rows"`
	Table [][]string `json:"table"` // the figures of the rows, over their whole lives
	Note  string     `json:"note,omitempty"`
}

// A Strip is a row of a sheet.
type Strip struct {
	Name string `json:"name"`
	Says string `json:"says"`
	Bars []Bar  `json:"bars"`
}

// MarshalJSON writes the begin and the length in microseconds, the class, and the mark if there is
// one: a sheet has thousands of bars.
func (b Bar) MarshalJSON() ([]byte, error) {
	begin := b.From.Microseconds()
	values := []any{begin, b.To.Microseconds() - begin, b.Class}
	if b.Mark != "" {
		values = append(values, b.Mark)
	}
	return json.Marshal(values)
}

// closer is how much closer a page may look at a sheet than the reader of a picture.
const closer = 50

// Sheet returns the window as values. The times of its bars count from its begin.
func (w Window) Sheet() *Sheet {
	s := &Sheet{From: w.From.Microseconds(), To: w.To.Microseconds(), Says: w.describe(), Note: w.Missing, Ps: []Strip{}, Rows: []Strip{}}
	x := func(at time.Duration) float64 { return closer * w.x(at) }
	for i, slices := range w.Ps {
		s.Ps = append(s.Ps, Strip{fmt.Sprint("P", i), w.busy(slices), w.since(w.barsOfP(slices, x))})
	}
	for _, row := range w.together() {
		s.Rows = append(s.Rows, Strip{row.Name, w.briefly(row), w.since(w.barsOf(row, x))})
	}
	for _, row := range w.Rows {
		s.Table = append(s.Table, figures(row))
	}
	return s
}

// since lets the times of bars count from the window's begin.
func (w Window) since(bars []Bar) []Bar {
	for i := range bars {
		bars[i].From -= w.From
		bars[i].To -= w.From
	}
	return bars
}

// figures returns a row's line of the table.
func figures(row trace.Row) []string {
	if row.Unseen != nil {
		return []string{row.Name, "no goroutine"}
	}
	f := row.Figures(row.Life())
	line := []string{row.Name, human.Duration(f.Life)}
	for _, time := range f.In {
		line = append(line, human.Duration(time))
	}
	return append(line, longest(f))
}
