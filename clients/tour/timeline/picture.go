package timeline

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/picture"
	"example.com/concurrent-network-server/clients/internal/script"
)

// Where things are in the picture.
const (
	pictureWidth = 680.0
	left         = 110.0 // of the time axis
	axisWidth    = 440.0
	top          = 46.0 // of the first lane
	laneHeight   = 30.0
	barHeight    = 16.0
	thinHeight   = 6.0
	leastWidth   = 3.0 // of what takes no time and has to be seen
)

// Picture draws the timeline.
func (t Timeline) Picture(title string) *picture.Picture {
	p := &picture.Picture{Title: title, Description: t.describe(), Data: t, Width: pictureWidth}
	bottom := top + laneHeight*float64(len(t.Lanes))
	t.drawAxis(p, bottom)
	for i, lane := range t.Lanes {
		middle := top + laneHeight*(float64(i)+0.5)
		p.Label("", 16, middle+4, lane.Name)
		lane.draw(p, middle, t.x)
		if waited, ok := lane.Waited(); ok {
			x := t.x(lane.Times[script.Answered]) + leastWidth + 5
			p.Label("done", x, middle+4, "✓ "+human.Duration(waited))
		}
	}
	p.Height = bottom + 60
	drawLegend(p, bottom+44)
	return p
}

// Read returns the timeline that a picture shows.
func Read(svg []byte) (Timeline, error) {
	var picture struct {
		Data string `xml:"metadata"`
	}
	if err := xml.Unmarshal(svg, &picture); err != nil {
		return Timeline{}, err
	}
	var t Timeline
	err := json.Unmarshal([]byte(picture.Data), &t)
	return t, err
}

// x returns where a time is on the axis.
func (t Timeline) x(at time.Duration) float64 {
	return left + axisWidth*float64(at)/float64(max(t.End(), 1))
}

// drawAxis draws a line for each quarter of a second, or for each second if there are
// more than ten of them.
func (t Timeline) drawAxis(p *picture.Picture, bottom float64) {
	step := time.Second / 4
	for t.End()/step > 10 {
		step *= 2
	}
	for at := time.Duration(0); at <= t.End(); at += step {
		p.Line("grid", t.x(at), top, 0, bottom-top)
		p.Label("pale middle", t.x(at), bottom+14, fmt.Sprintf("%gs", at.Seconds()))
	}
}

// draw draws the bars of a lane: thin where the client waits to be served.
func (l Lane) draw(p *picture.Picture, middle float64, x func(time.Duration) float64) {
	styles := []struct {
		class         string
		height, least float64 // a wait that is too short to be seen is none
	}{{"wait", thinHeight, 0}, {"turn", thinHeight, 0}, {"work", barHeight, leastWidth}}
	for i, style := range styles {
		from, _ := l.At(script.Stage(i))
		to, ok := l.At(script.Stage(i + 1))
		if !ok {
			return
		}
		width := max(x(to)-x(from), style.least)
		p.Rect(style.class, x(from), middle-style.height/2, width, style.height)
	}
}

func drawLegend(p *picture.Picture, y float64) {
	p.Rect("wait", left, y-7, 18, thinHeight)
	p.Label("pale", left+24, y, "waits for *")
	p.Rect("work", left+110, y-12, 18, barHeight)
	p.Label("pale", left+134, y, "waits for the reply")
	p.Label("pale", left+256, y, "✓ has it, this long after it connected")
}

// describe says in words what the picture shows.
func (t Timeline) describe() string {
	var b strings.Builder
	for _, lane := range t.Lanes {
		if len(lane.Times) <= int(script.Answered) {
			fmt.Fprintf(&b, "%s is not answered. ", lane.Name)
			continue
		}
		at := make([]any, 0, len(lane.Times))
		for _, d := range lane.Times {
			at = append(at, human.Duration(d))
		}
		fmt.Fprintf(&b, lane.Name+" connects after %s, is greeted after %s, asks after %s and is answered after %s. ", at...)
	}
	fmt.Fprintf(&b, "They are answered in the order %s.", strings.Join(t.Finishers(), ", "))
	return b.String()
}
