package drawing

import (
	"cmp"
	"fmt"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// A Bar is a time in which something is the case. Its class says what: run1 to run8 and echo are
// clients, work is the loop, rest is the runtime or whoever accepts, stand is runnable, thin waits,
// call is a system call, and unseen is a client without a goroutine.
type Bar struct {
	From, To time.Duration
	Class    string
	Mark     string // the letter or number of the client that runs
}

// together returns the rows, and makes one of neighbours that do nothing but wait.
func (w Window) together() []trace.Row {
	var list []trace.Row
	first := ""
	for _, row := range w.present() {
		f := row.Figures(w.From, w.To)
		switch waits := f.Life == w.To-w.From && f.In[trace.Waits] == f.Life; {
		case !waits:
			first = ""
		case first == "":
			first = row.Name
		default:
			row.Name = first + "–" + w.mark(row.Client)
			list = list[:len(list)-1]
		}
		list = append(list, row)
	}
	return list
}

// barsOfP returns what runs on a P, one after another. What is too narrow for x is one bar with
// its neighbour, if both are for the same client.
func (w Window) barsOfP(slices []trace.Slice, x func(time.Duration) float64) []Bar {
	var bars []Bar
	for _, s := range slices {
		from, to := max(s.From, w.From), min(s.To, w.To)
		if to <= from {
			continue
		}
		for _, piece := range w.Pieces(s.Goroutine, from, to) {
			b := Bar{piece.From, piece.To, w.class(piece.Client, s.Goroutine), w.mark(piece.Client)}
			if n := len(bars); n > 0 && bars[n-1].joins(b, x) {
				bars[n-1].To = b.To
				continue
			}
			bars = append(bars, b)
		}
	}
	return bars
}

// joins reports whether the next bar can hardly be told from this one.
func (b Bar) joins(next Bar, x func(time.Duration) float64) bool {
	return b.Class == next.Class && x(next.To)-x(next.From) < 1 && x(next.From)-x(b.To) < tooNarrow && x(b.To)-x(b.From) < roomForMark
}

// busy says how much of the time a P has done something.
func (w Window) busy(slices []trace.Slice) string {
	var busy time.Duration
	for _, s := range slices {
		busy += max(0, min(s.To, w.To)-max(s.From, w.From))
	}
	return fmt.Sprintf("busy %.0f%%", 100*float64(busy)/float64(w.To-w.From))
}

// class is the colour of what runs.
func (w Window) class(client int, goroutine int64) string {
	switch {
	case w.isEcho(client):
		return "echo"
	case client != trace.Nobody:
		return fmt.Sprint("run", client%8+1)
	case goroutine == w.Loop:
		return "work"
	}
	return "rest"
}

// barsOf returns what a row does, one after another. What x can't tell apart is one bar.
func (w Window) barsOf(row trace.Row, x func(time.Duration) float64) []Bar {
	if row.Unseen != nil {
		end := cmp.Or(row.Unseen.Answered, w.To)
		return []Bar{{max(row.Unseen.Connected, w.From), min(end, w.To), "unseen", ""}}
	}
	var bars []Bar
	for _, s := range merge(row.Between(w.From, w.To), x) {
		switch {
		case s.State == trace.Runs && row.Client == trace.Nobody:
			for _, piece := range w.Pieces(row.Goroutine, s.From, s.To) {
				bars = append(bars, Bar{piece.From, piece.To, w.class(piece.Client, row.Goroutine), ""})
			}
		case s.State == trace.Runs:
			bars = append(bars, Bar{s.From, s.To, w.class(row.Client, 0), ""})
		default:
			bars = append(bars, Bar{s.From, s.To, classes[s.State], ""})
		}
	}
	return bars
}

// classes are those of what doesn't run.
var classes = [trace.Calls + 1]string{trace.Stands: "stand", trace.Waits: "thin", trace.Calls: "call"}

// briefly says what a row did in the window.
func (w Window) briefly(row trace.Row) string {
	if row.Unseen != nil {
		return "no goroutine"
	}
	f := row.Figures(w.From, w.To)
	if f.In[trace.Waits] == f.Life {
		return "waits"
	}
	return fmt.Sprintf("ran %s, stood %s", human.Duration(f.In[trace.Runs]), human.Duration(f.In[trace.Stands]))
}

// merge makes one span of neighbours that are too narrow to be told apart.
func merge(spans []trace.Span, x func(time.Duration) float64) []trace.Span {
	var list []trace.Span
	for len(spans) > 0 {
		n := 1
		for n < len(spans) && x(spans[n].To)-x(spans[0].From) < tooNarrow {
			n++
		}
		list = append(list, blend(spans[:n]))
		spans = spans[n:]
	}
	return list
}

// blend returns one span in the state that is looked for: running or standing, whichever takes
// longer, or else a system call, or else a wait.
func blend(spans []trace.Span) trace.Span {
	var in [trace.Calls + 1]time.Duration
	s := spans[0]
	s.To = spans[len(spans)-1].To
	for _, other := range spans {
		in[other.State] += other.Length()
	}
	switch {
	case in[trace.Runs]+in[trace.Stands] == 0:
		if in[trace.Calls] > 0 {
			s.State = trace.Calls
		}
	case in[trace.Stands] > in[trace.Runs]:
		s.State = trace.Stands
	default:
		s.State = trace.Runs
	}
	return s
}
