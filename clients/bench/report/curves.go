package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/picture"
)

// curves are a picture with a line for each server.
type curves struct {
	points []int // along the axis
	name   func(point int) string
	place  func(i int) float64 // on the axis, between 0 and 1, of the i-th point
	lines  []line              // the last one is the server's main line
	note   string              // what is drawn over what
}

// A line is drawn through one value for each point.
type line struct {
	class  string
	column func(point int) column
}

var (
	loadCurves = curves{Shares, func(share int) string { return fmt.Sprint(share, "%") },
		func(i int) float64 { return float64(Shares[i]) / 100 },
		[]line{{"faint", atShare("p50")}, {"curve", atShare("p99")}},
		"p99, and paler p50, over the load"}
	crowdCurves = curves{Crowd, count, evenly(Crowd), []line{{"curve", cpuAmong}},
		"CPU time of the server for an echo, over how many clients there are, of whom one asks"}
	activeCurves = curves{Active, count, evenly(Active), []line{{"curve", cpuOf}},
		"CPU time of the server for an echo, over how many clients there are, all of whom ask"}
)

func count(clients int) string { return human.Count(float64(clients)) }

func evenly(points []int) func(int) float64 {
	return func(i int) float64 { return float64(i) / float64(len(points)-1) }
}

// Where things are in a picture with curves.
const (
	curveLeft   = 66.0
	curveWidth  = 470.0
	curveHeight = 250.0
	labelHeight = 16.0
)

func (c *curves) draw(title string, results []Result, caption string) *picture.Picture {
	p := &picture.Picture{Title: title, Width: chartWidth,
		Height: top + curveHeight + 66, Description: c.describe(results)}
	first, last := c.decades(results)
	x := func(i int) float64 { return curveLeft + curveWidth*c.place(i) }
	y := func(ns float64) float64 {
		return top + curveHeight*(last-math.Log10(max(ns, 1)))/(last-first)
	}
	for decade := first; decade <= last; decade++ {
		p.Line("grid", curveLeft, y(math.Pow(10, decade)), curveWidth, 0)
		p.Label("pale end", curveLeft-8, y(math.Pow(10, decade))+4, tick(math.Pow(10, decade)))
	}
	for i, point := range c.points {
		p.Label("pale middle", x(i), top+curveHeight+18, c.name(point))
	}
	free := math.Inf(-1) // the labels must not lie on each other
	for _, result := range c.sorted(results) {
		at := math.NaN()
		for _, l := range c.lines {
			at = c.drawLine(p, l, result, x, y)
		}
		if !math.IsNaN(at) {
			free = max(at+4, free+labelHeight)
			p.Label("", curveLeft+curveWidth+10, free, result.Server)
		}
	}
	p.Label("pale", curveLeft, top+curveHeight+36, c.note+" (the scale of the times is logarithmic)")
	p.Label("pale", 16, p.Height-12, caption)
	return p
}

// drawLine draws a server's line, and returns where it ends.
func (c *curves) drawLine(p *picture.Picture, l line, r Result, x func(int) float64, y func(float64) float64) float64 {
	end, before := math.NaN(), 0.0
	for i, point := range c.points {
		ns, ok := r.Values[l.column(point).value]
		if !ok {
			continue
		}
		if !math.IsNaN(end) {
			p.Line(l.class, before, end, x(i)-before, y(ns)-end)
		}
		p.Dot("work", x(i), y(ns), 5)
		end, before = y(ns), x(i)
	}
	return end
}

// sorted returns the results that there are, the slowest at the end of the axis first: the order
// of the labels.
func (c *curves) sorted(results []Result) []Result {
	main, point := c.lines[len(c.lines)-1], c.points[len(c.points)-1]
	last := func(r Result) float64 { return r.Values[main.column(point).value] }
	there := slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Missing != "" })
	slices.SortStableFunc(there, func(a, b Result) int { return cmp.Compare(last(b), last(a)) })
	return there
}

// decades returns the powers of ten between which the values are.
func (c *curves) decades(results []Result) (first, last float64) {
	var all []Result
	for _, r := range results {
		for _, point := range c.points {
			for _, l := range c.lines {
				all = append(all, Result{Values: map[string]float64{mean.value: r.Values[l.column(point).value]}})
			}
		}
	}
	return decades(all)
}

// describe says in words what the picture shows.
func (c *curves) describe(results []Result) string {
	var parts []string
	for _, r := range results {
		text := "n/a"
		if r.Missing == "" {
			var values []string
			for _, point := range c.points {
				var cells []string
				for _, l := range c.lines {
					cells = append(cells, l.column(point).cell(r))
				}
				values = append(values, c.name(point)+": "+strings.Join(cells, ", "))
			}
			text = strings.Join(values, "; ")
		}
		parts = append(parts, r.Server+": "+text)
	}
	return c.note + ". " + strings.Join(parts, ". ") + "."
}
