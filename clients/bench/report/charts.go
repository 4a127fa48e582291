package report

import (
	"fmt"
	"math"
	"strings"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/picture"
)

// A chart is a picture of one scenario, with a row for each server.
type chart struct {
	file, scenario, title string
	column                // what the bars show; nothing in a chart of latencies or of curves
	*curves
}

var charts = []chart{
	{"beside.svg", "beside", "Echo latency beside {primes} long primes", none, nil},
	{"latency.svg", "latency", "Echo latency at {rate} echoes a second", none, nil},
	{"throughput.svg", "throughput", "Echoes per second", column{"", "per_second", human.Count}, nil},
	{"cpu.svg", "throughput", "Server CPU per echo", serverCPU, nil},
	{"connections.svg", "connections", "Connections per second", column{"", "per_second", human.Count}, nil},
	{"load.svg", "load", "Echo latency over the load", none, &loadCurves},
	{"memory.svg", "memory", "Memory per idle client: its own, and the kernel's", column{"", "bytes", human.Bytes}, nil},
	{"crowd.svg", "crowd", "Server CPU per echo of one client in a crowd", none, &crowdCurves},
	{"active.svg", "active", "Server CPU per echo when all clients ask", none, &activeCurves},
}

// Where things are in a chart.
const (
	chartWidth = 740.0
	left       = 176.0 // of the axis
	axisWidth  = 360.0
	barWidth   = 320.0 // of the longest, with room for the number after it
	top        = 48.0  // of the first row
	rowHeight  = 27.0
	barHeight  = 15.0
	thinHeight = 7.0
)

func (c chart) draw(results []Result, caption string) *picture.Picture {
	if c.curves != nil {
		return c.curves.draw(c.title, results, caption)
	}
	bottom := top + rowHeight*float64(len(results))
	p := &picture.Picture{Title: c.title, Description: c.describe(results), Width: chartWidth}
	if c.value == "" {
		drawLatencies(p, results, bottom)
		p.Height = bottom + 66
	} else {
		c.drawBars(p, results, bottom)
		p.Height = bottom + 40
	}
	for i, result := range results {
		p.Label("", 16, middle(i)+4, result.Server)
		if result.Missing != "" {
			p.Label("pale", left+6, middle(i)+4, shorten("n/a: "+result.Missing))
		}
	}
	p.Label("pale", 16, p.Height-12, caption)
	return p
}

// middle is the height of the middle of a row.
func middle(row int) float64 { return top + rowHeight*(float64(row)+0.5) }

// shorten cuts a text that would not fit.
func shorten(text string) string {
	const room = 85
	if runes := []rune(text); len(runes) > room {
		return string(runes[:room-1]) + "…"
	}
	return text
}

func (c chart) drawBars(p *picture.Picture, results []Result, bottom float64) {
	largest, most := math.SmallestNonzeroFloat64, 0.0
	for _, result := range results {
		largest = max(largest, result.Values[c.value]+c.more(result), result.Spreads[c.value].High)
		most = max(most, result.Values[clients.value])
	}
	p.Line("grid", left, top, 0, bottom-top)
	for i, result := range results {
		if value, ok := result.Values[c.value]; ok {
			width := max(barWidth*value/largest, 1)
			p.Rect("work", left, middle(i)-barHeight/2, width, barHeight)
			text := c.format(value)
			if more := c.more(result); more > 0 {
				p.Rect("range", left+width, middle(i)-barHeight/2, barWidth*more/largest, barHeight)
				width += barWidth * more / largest
				text += " + " + c.format(more)
			}
			if s, ok := result.Spreads[c.value]; ok {
				p.Rect("mean", left+barWidth*s.Low/largest, middle(i)-1, barWidth*(s.High-s.Low)/largest, 2)
				width = max(width, barWidth*s.High/largest)
			}
			p.Label("", left+width+8, middle(i)+4, text+result.differs(most))
		} else if result.Unknown != "" {
			p.Label("pale", left+6, middle(i)+4, shorten("n/a: "+result.Unknown))
		}
	}
}

// more is what the kernel keeps, in the chart of memory.
func (c chart) more(r Result) float64 {
	if c.scenario != "memory" {
		return 0
	}
	return r.Values[kernel.value]
}

// differs says what is different about a result: it is not to be taken for a weakness of
// the server, or a strength, that fewer clients have asked.
func (r Result) differs(most float64) string {
	text := ""
	switch n := r.Values[clients.value]; {
	case n == 1 && most > 1:
		text = ", 1 client"
	case n < most:
		text = fmt.Sprintf(", %.0f clients", n)
	}
	if r.Note != "" {
		text += ", " + r.Note
	}
	return text
}

// drawLatencies draws from p50 to p99, on a scale on which each line is ten times the one
// before: the latencies of two chapters differ by up to five of these steps.
func drawLatencies(p *picture.Picture, results []Result, bottom float64) {
	var times []float64
	for _, result := range results {
		from, to, _ := result.bounds()
		times = append(times, from, to, result.Values[mean.value])
	}
	first, last := decades(times)
	x := func(ns float64) float64 {
		return left + axisWidth*(math.Log10(max(ns, 1))-first)/(last-first)
	}
	for decade := first; decade <= last; decade++ {
		ns := math.Pow(10, decade)
		p.Line("grid", x(ns), top, 0, bottom-top)
		p.Label("pale middle", x(ns), bottom+14, tick(ns))
	}
	for i, result := range results {
		if result.Missing != "" {
			continue
		}
		average := result.Values[mean.value]
		from, to, text := result.bounds()
		p.Rect("range", x(from), middle(i)-thinHeight/2, x(to)-x(from), thinHeight)
		p.Dot("work", x(from), middle(i), 10)
		p.Dot("work", x(to), middle(i), 10)
		p.Rect("mean", x(average)-1.5, middle(i)-barHeight/2, 3, barHeight)
		p.Label("", left+axisWidth+14, middle(i)+4, duration(from)+" – "+duration(to)+text)
	}
	drawLegend(p, bottom+30)
}

// bounds returns p50 and p99, or the maximum where there were too few requests for that.
func (r Result) bounds() (from, to float64, text string) {
	from, ok := r.Values[p50.value]
	if !ok {
		from = r.Values[mean.value]
	}
	if to, ok = r.Values[p99.value]; !ok {
		return from, r.Values[longest.value], " (max)"
	}
	return from, to, ""
}

func drawLegend(p *picture.Picture, y float64) {
	p.Rect("range", left+5, y-thinHeight/2, 30, thinHeight)
	p.Dot("work", left+5, y, 10)
	p.Dot("work", left+35, y, 10)
	p.Label("pale", left+46, y+4, "p50 – p99")
	p.Rect("mean", left+116, y-barHeight/2, 3, barHeight)
	p.Label("pale", left+125, y+4, "mean")
}

// tick writes a power of ten: 10µs, 100s.
func tick(ns float64) string {
	units := []string{"ns", "µs", "ms", "s"}
	for ns >= 1000 && len(units) > 1 {
		ns, units = ns/1000, units[1:]
	}
	return fmt.Sprintf("%.0f%s", ns, units[0])
}

// decades returns the powers of ten, in nanoseconds, between which the times are that are known.
func decades(times []float64) (first, last float64) {
	first, last = 9, 0
	for _, ns := range times {
		if ns > 0 {
			first = min(first, math.Floor(math.Log10(ns)))
			last = max(last, math.Ceil(math.Log10(ns)))
		}
	}
	return first, max(last, first+1)
}

// describe says in words what the chart shows.
func (c chart) describe(results []Result) string {
	columns := []column{c.column}
	if c.value == "" {
		columns = []column{mean, p50, p99}
	}
	parts := describe(results, func(result Result) string {
		var values []string
		for _, column := range columns {
			values = append(values, strings.TrimSpace(column.head+" "+column.cell(result)))
		}
		return strings.Join(values, ", ")
	})
	return strings.Join(parts, "; ") + "."
}

// describe says of each server what there is to say.
func describe(results []Result, says func(Result) string) []string {
	var parts []string
	for _, result := range results {
		text := "n/a"
		if result.Missing == "" {
			text = says(result)
		}
		parts = append(parts, result.Server+": "+text)
	}
	return parts
}
