package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Spread is the smallest and the largest value of several runs.
type Spread struct{ Low, High float64 }

// SetRuns notes the median of each value that every run has, and the spread if there is more
// than one run.
func (r *Result) SetRuns(runs []map[string]float64) {
	r.Runs = len(runs)
	r.Values, r.Spreads = map[string]float64{}, map[string]Spread{}
	for name := range runs[0] {
		var all []float64
		for _, run := range runs {
			if value, ok := run[name]; ok {
				all = append(all, value)
			}
		}
		if len(all) < len(runs) {
			continue
		}
		slices.Sort(all)
		r.Values[name] = rounded((all[(len(all)-1)/2] + all[len(all)/2]) / 2)
		if len(all) > 1 {
			r.Spreads[name] = Spread{rounded(all[0]), rounded(all[len(all)-1])}
		}
	}
}

// rounded keeps five digits. More would be noise.
func rounded(f float64) float64 {
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'g', 5, 64), 64)
	return f
}

// alike returns groups of servers whose spreads of a value have a point in common: the runs
// show no difference between them. A server may be in more than one group.
func alike(results []Result, value string) [][]string {
	var groups [][]string
	for _, a := range results {
		low, ok := a.Spreads[value]
		if !ok {
			continue
		}
		var group []string // of those that have the lower end of a's spread in theirs
		for _, b := range results {
			if s, ok := b.Spreads[value]; ok && s.Low <= low.Low && low.Low <= s.High {
				group = append(group, b.Server)
			}
		}
		within := func(other []string) bool { return contains(other, group) }
		if len(group) > 1 && !slices.ContainsFunc(groups, within) {
			groups = slices.DeleteFunc(groups, func(other []string) bool { return contains(group, other) })
			groups = append(groups, group)
		}
	}
	return groups
}

// contains reports whether all of the parts are in the whole.
func contains(whole, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !slices.Contains(whole, part) })
}

// verdict says in words which differences are none.
func (c column) verdict(results []Result) string {
	var text strings.Builder
	if c.value == "" {
		return ""
	}
	for _, group := range alike(results, c.value) {
		last := len(group) - 1
		fmt.Fprintf(&text, "\nNo difference in %s between %s and %s: their ranges overlap.\n",
			c.head, strings.Join(group[:last], ", "), group[last])
	}
	return text.String()
}
