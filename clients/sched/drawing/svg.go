package drawing

import (
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/picture"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// Where things are in the picture.
const (
	pictureWidth = 760.0
	left         = 98.0 // of the time axis
	axisWidth    = 484.0
	top          = 44.0 // of the first row
	rowHeight    = 22.0
	barHeight    = 14.0
	callHeight   = 6.0
	gap          = 12.0 // between the Ps and the clients
	roomForMark  = 11.0
	edgeWidth    = 0.6
	leastWidth   = 1.2  // of what has to be seen
	tooNarrow    = 0.35 // what is no wider is drawn as one with its neighbour
)

// Picture draws the window.
func (w Window) Picture() *picture.Picture {
	p := &picture.Picture{Title: w.Title(), Description: w.describe(), Width: pictureWidth}
	y, list := top, w.together()
	rows := top + gap + rowHeight*float64(len(w.Ps)+len(list))
	w.drawAxis(p, rows)
	for i, slices := range w.Ps {
		p.Label("", 16, y+rowHeight/2+4, fmt.Sprint("P", i))
		p.Label("pale", left+axisWidth+10, y+rowHeight/2+4, w.drawP(p, y+rowHeight/2, slices))
		y += rowHeight
	}
	y += gap
	for _, row := range list {
		p.Label("", 16, y+rowHeight/2+4, row.Name)
		p.Label("pale", left+axisWidth+10, y+rowHeight/2+4, w.drawRow(p, y+rowHeight/2, row))
		y += rowHeight
	}
	drawLegend(p, rows+42)
	p.Height = rows + 58
	return p
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

func (w Window) x(at time.Duration) float64 {
	at = min(max(at, w.From), w.To)
	return left + axisWidth*float64(at-w.From)/float64(max(w.To-w.From, 1))
}

// drawAxis draws a line for each 1, 2 or 5 of a unit, but at most ten.
func (w Window) drawAxis(p *picture.Picture, bottom float64) {
	step := time.Duration(1)
	for i := 0; (w.To-w.From)/step > 10; i++ {
		step = step * 2
		if i%3 == 1 {
			step = step / 4 * 5
		}
	}
	for at := (w.From + step - 1) / step * step; at <= w.To; at += step {
		p.Line("grid", w.x(at), top, 0, bottom-top)
		p.Label("pale middle", w.x(at), bottom+14, w.clock(at))
	}
}

// drawP draws what runs on a P, and returns how much of the time that is.
func (w Window) drawP(p *picture.Picture, middle float64, slices []trace.Slice) string {
	var busy time.Duration
	b := bar{p: p, middle: middle}
	for _, s := range slices {
		from, to := max(s.From, w.From), min(s.To, w.To)
		if to <= from {
			continue
		}
		busy += to - from
		for _, piece := range w.Pieces(s.Goroutine, from, to) {
			b.add(w.class(piece.Client, s.Goroutine), w.x(piece.From), w.x(piece.To), w.mark(piece.Client))
		}
	}
	return fmt.Sprintf("busy %.0f%%", 100*float64(busy)/float64(w.To-w.From))
}

// A bar draws what runs, one after another.
type bar struct {
	p      *picture.Picture
	middle float64
	last   int // the shape that a neighbour may be added to, or 0
}

// add draws a slice: with a mark if there is room, and with its neighbour if it is too narrow.
func (b *bar) add(class string, x, end float64, mark string) {
	if b.last > 0 && end-x < 1 {
		last := &b.p.Shapes[b.last]
		if last.Class == class && x-last.X-last.W < tooNarrow {
			last.W = max(last.W, end-last.X)
			return
		}
	}
	width := end - x
	if class == "echo" {
		width = max(width, leastWidth)
	}
	b.p.Rect(class, x, b.middle-barHeight/2, width, barHeight)
	b.last = len(b.p.Shapes) - 1
	if end-x < roomForMark {
		return
	}
	if mark != "" {
		b.p.Label("on middle", (x+end)/2, b.middle+4, mark)
	}
	b.p.Rect("edge", end-edgeWidth, b.middle-barHeight/2, edgeWidth, barHeight)
	b.last = 0
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

// drawRow draws a row, and returns its figures.
func (w Window) drawRow(p *picture.Picture, middle float64, row trace.Row) string {
	if row.Unseen != nil {
		return w.drawUnseen(p, middle, row)
	}
	spans := row.Between(w.From, w.To)
	if len(spans) == 0 {
		return ""
	}
	for _, s := range merge(spans, w.x) {
		x, width := w.x(s.From), w.x(s.To)-w.x(s.From)
		switch s.State {
		case trace.Runs:
			w.drawRun(p, middle, row, s)
		case trace.Calls:
			p.Rect("call", x, middle-callHeight/2, width, callHeight)
		case trace.Stands:
			p.Line("stand", x, middle, max(width, leastWidth), 0)
		case trace.Waits:
			p.Line("thin", x, middle, width, 0)
		}
	}
	f := row.Figures(w.From, w.To)
	if f.In[trace.Waits] == f.Life {
		return "waits"
	}
	return fmt.Sprintf("ran %s, stood %s", human.Duration(f.In[trace.Runs]), human.Duration(f.In[trace.Stands]))
}

// drawRun draws a span in which the row's goroutine runs, for whomever.
func (w Window) drawRun(p *picture.Picture, middle float64, row trace.Row, s trace.Span) {
	if row.Client != trace.Nobody {
		p.Rect(w.class(row.Client, 0), w.x(s.From), middle-barHeight/2, max(w.x(s.To)-w.x(s.From), leastWidth), barHeight)
		return
	}
	for _, piece := range w.Pieces(row.Goroutine, s.From, s.To) {
		x := w.x(piece.From)
		p.Rect(w.class(piece.Client, row.Goroutine), x, middle-barHeight/2, w.x(piece.To)-x, barHeight)
	}
}

// drawUnseen draws a client of which only its own clock knows.
func (w Window) drawUnseen(p *picture.Picture, middle float64, row trace.Row) string {
	answered := row.Unseen.Answered
	if answered == 0 {
		answered = w.To
	}
	p.Line("unseen", w.x(row.Unseen.Connected), middle, w.x(answered)-w.x(row.Unseen.Connected), 0)
	return "no goroutine"
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

func drawLegend(p *picture.Picture, y float64) {
	p.Rect("run1", left, y-11, 18, barHeight)
	p.Label("pale", left+23, y, "runs")
	p.Line("stand", left+60, y-4, 24, 0)
	p.Label("pale", left+89, y, "runnable: could run, and nobody lets it")
	p.Line("thin", left+322, y-4, 24, 0)
	p.Label("pale", left+351, y, "waits")
	p.Rect("call", left+396, y-7, 18, callHeight)
	p.Label("pale", left+419, y, "system call")
	p.Rect("rest", left+494, y-11, 18, barHeight)
	p.Label("pale", left+517, y, "accept, runtime")
}

// describe says in words what the picture shows.
func (w Window) describe() string {
	parts := []string{fmt.Sprintf("%d Ps, from %s to %s.", len(w.Ps), w.clock(w.From), w.clock(w.To))}
	for _, row := range w.Rows {
		parts = append(parts, w.sentence(row))
	}
	return strings.Join(append(parts, w.Missing), " ")
}
