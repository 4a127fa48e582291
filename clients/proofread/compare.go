package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// compare compares what a transcript shows with what was printed. A line of three dots
// stands for any number of lines.
func compare(want, got []string) error {
	want, got = normalize(want), normalize(got)
	gap := func(line string) bool { return line == "..." }
	if _, err := markdown.Locate(whole(want), whole(got), gap); err != nil {
		return fmt.Errorf("the output differs (-transcript +output):\n%s", cmp.Diff(want, got))
	}
	return nil
}

// whole marks the ends of the lines, so that no excerpt can leave them out.
func whole(lines []string) []string {
	return slices.Concat([]string{"(begin)"}, lines, []string{"(end)"})
}

// changing is what differs from run to run.
var changing = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( ?[-+]\d\d:?\d\d|Z)?`), "TIME"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:PORT"},
	{regexp.MustCompile(`\blab=[A-Z2-7]+`), "lab=TOKEN"},
	{regexp.MustCompile(`\(cached\)|\b(\d+m)?\d+(\.\d+)?(ns|µs|ms|s)\b`), "DURATION"},
	{regexp.MustCompile(`░+`), "░"}, // in a drawing, how long something takes
	{regexp.MustCompile(`█+`), "█"},
}

// normalize replaces what differs from run to run, and any white space by one space.
// Empty lines at the ends are dropped.
func normalize(lines []string) []string {
	var normal []string
	for _, line := range strings.Split(strings.Trim(strings.Join(lines, "\n"), "\n"), "\n") {
		for _, c := range changing {
			line = c.pattern.ReplaceAllString(line, c.with)
		}
		normal = append(normal, strings.Join(strings.Fields(line), " "))
	}
	return normal
}
