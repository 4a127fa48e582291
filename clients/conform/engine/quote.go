package engine

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxUnit   = 16 // the longest unit, in bytes, whose repetitions are folded
	minFolded = 16 // the shortest run, in bytes, that is worth folding
	maxQuoted = 60 // how many bytes of plain text a quotation shows
)

// A run is a string and how often it is repeated.
type run struct {
	unit  string
	times int
}

// runs takes s apart: "^aaaa$" is "^", four times "a", "$". Short repetitions stay as they
// are.
func runs(s string) []run {
	var all []run
	plain := 0 // where the text begins that belongs to no run yet
	for i := 0; i < len(s); {
		r := longestRun(s[i:])
		if r.times == 1 {
			i++
			continue
		}
		if plain < i {
			all = append(all, run{s[plain:i], 1})
		}
		all = append(all, r)
		i += len(r.unit) * r.times
		plain = i
	}
	if plain < len(s) {
		all = append(all, run{s[plain:], 1})
	}
	return all
}

// longestRun returns the longest repetition at the beginning of s that is worth folding,
// or one of times 1.
func longestRun(s string) run {
	best := run{s, 1}
	for size := 1; size <= min(maxUnit, len(s)/2); size++ {
		times := 1
		for strings.HasPrefix(s[times*size:], s[:size]) {
			times++
		}
		length := times * size
		if times > 2 && length >= minFolded && (best.times == 1 || length > best.times*len(best.unit)) {
			best = run{s[:size], times}
		}
	}
	return best
}

// quote shows bytes: escaped as in Go, long runs folded ("a"×4096), and the middle of a
// long text left out.
func quote(s string) string {
	var parts []string
	for _, r := range runs(s) {
		parts = append(parts, r.String())
	}
	if len(parts) > 7 {
		left := fmt.Sprintf("…%d more…", len(parts)-6)
		parts = append(append(parts[:3:3], left), parts[len(parts)-3:]...)
	}
	if len(parts) == 0 {
		return `""`
	}
	return strings.Join(parts, " ")
}

func (r run) String() string {
	if r.times > 1 {
		return fmt.Sprintf("%s×%d", escape(r.unit), r.times)
	}
	if extra := len(r.unit) - maxQuoted; extra > 0 {
		half := maxQuoted / 2
		return fmt.Sprintf("%s …%d bytes… %s", escape(r.unit[:half]), extra, escape(r.unit[len(r.unit)-half:]))
	}
	return escape(r.unit)
}

// escape quotes bytes as Go does, but each for itself: they need not be text.
func escape(s string) string {
	var text strings.Builder
	for i := range len(s) {
		quoted := strconv.QuoteToASCII(s[i : i+1])
		text.WriteString(quoted[1 : len(quoted)-1])
	}
	return `"` + text.String() + `"`
}
