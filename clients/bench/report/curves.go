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
		"CPU time for an echo over the number of clients, one of whom asks"}
	activeCurves = curves{Active, count, evenly(Active), []line{{"curve", cpuOf}},
		"CPU time for an echo over the number of clients, all of whom ask"}
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
	var names []string
	var ends []float64
	for _, result := range c.sorted(results) {
		end := math.NaN()
		for _, l := range c.lines {
			end = c.drawLine(p, l, result, x, y)
		}
		if !math.IsNaN(end) {
			names, ends = append(names, result.Server), append(ends, end+4)
		}
	}
	for i, at := range apart(ends, top+curveHeight+4) {
		p.Label("", curveLeft+curveWidth+10, at, names[i])
	}
	p.Label("pale", curveLeft, top+curveHeight+36, c.note+" (the scale of the times is logarithmic)")
	p.Label("pale", 16, p.Height-12, caption)
	return p
}

// apart moves labels, the highest first, so that none lies on another or below the lowest place.
func apart(places []float64, lowest float64) []float64 {
	for i := 1; i < len(places); i++ {
		places[i] = max(places[i], places[i-1]+labelHeight)
	}
	for i := len(places) - 1; i >= 0; i-- {
		places[i] = min(places[i], lowest)
		lowest = places[i] - labelHeight
	}
	return places
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
	var times []float64
	for _, r := range results {
		for _, point := range c.points {
			for _, l := range c.lines {
				times = append(times, r.Values[l.column(point).value])
			}
		}
	}
	return decades(times)
}

// describe says in words what the picture shows.
func (c *curves) describe(results []Result) string {
	parts := describe(results, func(r Result) string {
		var values []string
		for _, point := range c.points {
			var cells []string
			for _, l := range c.lines {
				cells = append(cells, l.column(point).cell(r))
			}
			values = append(values, c.name(point)+": "+strings.Join(cells, ", "))
		}
		return strings.Join(values, "; ")
	})
	return c.note + ". " + strings.Join(parts, ". ") + "."
}
