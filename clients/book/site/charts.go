package site

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// charts are the drawings that show the numbers of a table. The others have its name.
var charts = map[string][]string{"throughput": {"throughput", "cpu"}}

var tableHeading = regexp.MustCompile(`^#+ (\w+): `)

// withCharts puts the charts of the measurements above their tables.
func (b *Book) withCharts(markdown []byte) []byte {
	var out strings.Builder
	for line := range strings.Lines(string(markdown)) {
		out.WriteString(line)
		match := tableHeading.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		names := charts[match[1]]
		if names == nil {
			names = match[1:]
		}
		for _, name := range names {
			if _, err := fs.Stat(b.fsys, results+"/"+name+".svg"); err == nil {
				fmt.Fprintf(&out, "\n![](%s.svg)\n", name)
			}
		}
	}
	return []byte(out.String())
}
