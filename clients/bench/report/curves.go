package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/internal/picture"
)

// Where things are in the chart of latencies at different loads.
const (
	curveLeft   = 66.0
	curveWidth  = 470.0
	curveHeight = 250.0
	labelHeight = 16.0
)

// drawCurves draws the p99 of each server over the load. Its p50 is the paler line below.
func drawCurves(title string, results []Result, caption string) *picture.Picture {
	p := &picture.Picture{Title: title, Width: chartWidth,
		Height: top + curveHeight + 66, Description: describeCurves(results)}
	first, last := loadDecades(results)
	x := func(share int) float64 { return curveLeft + curveWidth*float64(share)/100 }
	y := func(ns float64) float64 {
		return top + curveHeight*(last-math.Log10(max(ns, 1)))/(last-first)
	}
	for decade := first; decade <= last; decade++ {
		p.Line("grid", curveLeft, y(math.Pow(10, decade)), curveWidth, 0)
		p.Label("pale end", curveLeft-8, y(math.Pow(10, decade))+4, tick(math.Pow(10, decade)))
	}
	for _, share := range Shares {
		p.Label("pale middle", x(share), top+curveHeight+18, fmt.Sprint(share, "%"))
	}
	free := math.Inf(-1) // the labels must not lie on each other
	for _, result := range sorted(results) {
		drawCurve(p, result, "p50", "faint", x, y)
		at := drawCurve(p, result, "p99", "curve", x, y)
		if !math.IsNaN(at) {
			free = max(at+4, free+labelHeight)
			p.Label("", curveLeft+curveWidth+10, free, result.Server)
		}
	}
	p.Label("pale", curveLeft, top+curveHeight+36, "p99, and paler p50, over the load (the scale of the times is logarithmic)")
	p.Label("pale", 16, p.Height-12, caption)
	return p
}

// drawCurve draws a server's percentile, and returns where it ends.
func drawCurve(p *picture.Picture, r Result, percentile, class string, x func(int) float64, y func(float64) float64) float64 {
	end, before := math.NaN(), 0
	for _, share := range Shares {
		ns, ok := r.Values[atShare(percentile, share).value]
		if !ok {
			continue
		}
		if !math.IsNaN(end) {
			p.Line(class, x(before), end, x(share)-x(before), y(ns)-end)
		}
		p.Dot("work", x(share), y(ns), 5)
		end, before = y(ns), share
	}
	return end
}

// sorted returns the results that there are, the slowest first: the order of the labels.
func sorted(results []Result) []Result {
	there := slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Missing != "" })
	slices.SortStableFunc(there, func(a, b Result) int { return cmp.Compare(lastP99(b), lastP99(a)) })
	return there
}

func lastP99(r Result) float64 { return r.Values[atShare("p99", Shares[len(Shares)-1]).value] }

// loadDecades returns the powers of ten between which the latencies are.
func loadDecades(results []Result) (first, last float64) {
	var all []Result
	for _, r := range results {
		for _, share := range Shares {
			all = append(all, Result{Values: map[string]float64{
				p50.value: r.Values[atShare("p50", share).value], p99.value: r.Values[atShare("p99", share).value]}})
		}
	}
	return decades(all)
}

// describeCurves says in words what the chart shows.
func describeCurves(results []Result) string {
	var parts []string
	for _, r := range results {
		text := "n/a"
		if r.Missing == "" {
			var values []string
			for _, share := range Shares {
				values = append(values, fmt.Sprintf("at %d%% p50 %s, p99 %s", share, atShare("p50", share).cell(r), atShare("p99", share).cell(r)))
			}
			text = strings.Join(values, ", ")
		}
		parts = append(parts, r.Server+": "+text)
	}
	return strings.Join(parts, "; ") + "."
}
