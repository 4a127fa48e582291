package workbook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
)

// compare compares what a transcript shows with what was printed. A line of three dots
// stands for any number of lines.
func compare(want, got []string) error {
	want, got = normalize(want), normalize(got)
	gap := func(line string) bool { return line == "..." }
	if excerpt(whole(want), whole(got), gap) != nil {
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
	{regexp.MustCompile(`\(cached\)|\b(\d+m)?\d+(\.\d+)?(ns|µs|ms|s)\b`), "DURATION"},
}

// normalize replaces what differs from run to run, and any white space by one space.
// Empty lines at the ends are dropped.
func normalize(lines []string) []string {
	var normal []string
	for _, line := range trim(lines) {
		for _, c := range changing {
			line = c.pattern.ReplaceAllString(line, c.with)
		}
		normal = append(normal, strings.Join(strings.Fields(line), " "))
	}
	return normal
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name, want, got string
		same            bool
	}{
		{"time", "2026/11/23 17:53:03 listening on 127.0.0.1:7878", "2027/01/02 07:03:04 listening on 127.0.0.1:41234", true},
		{"time with zone", "--- a 2026-11-23 17:53:03.123456789 +0000", "--- a 2027-01-02 07:03:04.5 -0130", true},
		{"durations", "ok  \ta\t1.43s", "ok a (cached)", true},
		{"more durations", "2m3.5s 4ms 17µs 8ns 60s", "3s 4.5ms 1µs 9ns 1m0s", true},
		{"gap", "a\n...\nd", "a\nb\nc\nd", true},
		{"gaps at the ends", "...\nb\n...", "a\nb\nc", true},
		{"only a gap", "...", "a\nb", true},
		{"other number", "4 connected", "5 connected", false},
		{"other address", "127.0.0.1:7878", "127.0.0.2:7878", false},
		{"other order", "Long\nEcho", "Echo\nLong", false},
		{"line more", "a", "a\nb", false},
		{"line less", "a\nb", "a", false},
		{"nothing shown", "", "a", false},
		{"nothing printed", "a", "", false},
		{"behind a gap", "a\n...\nx", "a\nb\nc", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := compare(strings.Split(test.want, "\n"), strings.Split(test.got, "\n"))
			assert.Equal(t, test.same, err == nil, err)
		})
	}
}
