package drawing

import (
	"fmt"
	"strings"
	"time"

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
	for _, b := range w.barsOfP(slices, w.x) {
		x, end := w.x(b.From), w.x(b.To)
		width := end - x
		if b.Class == "echo" {
			width = max(width, leastWidth)
		}
		p.Rect(b.Class, x, middle-barHeight/2, width, barHeight)
		if end-x < roomForMark {
			continue
		}
		if b.Mark != "" {
			p.Label("on middle", (x+end)/2, middle+4, b.Mark)
		}
		p.Rect("edge", end-edgeWidth, middle-barHeight/2, edgeWidth, barHeight)
	}
	return w.busy(slices)
}

// drawRow draws a row, and returns its figures.
func (w Window) drawRow(p *picture.Picture, middle float64, row trace.Row) string {
	for _, b := range w.barsOf(row, w.x) {
		x, width := w.x(b.From), w.x(b.To)-w.x(b.From)
		switch b.Class {
		case "call":
			p.Rect("call", x, middle-callHeight/2, width, callHeight)
		case "stand":
			p.Line("stand", x, middle, max(width, leastWidth), 0)
		case "thin", "unseen":
			p.Line(b.Class, x, middle, width, 0)
		default:
			p.Rect(b.Class, x, middle-barHeight/2, max(width, leastWidth), barHeight)
		}
	}
	return w.briefly(row)
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
