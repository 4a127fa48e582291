package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"example.com/concurrent-network-server/clients/book/booktest"
)

// TestNoSolution: no line of code of a project's or a transfer exercise's solution is on a page, unless
// its hints have it, or the code that is there before.
func TestNoSolution(t *testing.T) {
	pages := all(t)
	code := map[string]bool{}
	shown := map[string][]string{} // the pages, by line of code
	for name, f := range pages {
		if f.root == nil {
			continue
		}
		isText := strings.HasPrefix(name, "exercises/") || strings.Contains(name, "/exercises/")
		for _, pre := range f.find(func(n *html.Node) bool { return n.Data == "pre" }) {
			for line := range strings.Lines(text(pre)) {
				if line = strings.TrimSpace(line); isText {
					shown[line] = append(shown[line], name)
				} else {
					code[line] = true
				}
			}
		}
	}
	_, list := booktest.Open(t)
	patches := 0
	for _, c := range list {
		paths, err := filepath.Glob(filepath.Join(c.Dir, "exercises", "testdata", "*", "solution.patch"))
		require.NoError(t, err)
		for _, path := range paths {
			patches++
			patch, err := os.ReadFile(path)
			require.NoError(t, err)
			for line := range strings.Lines(string(patch)) {
				added, ok := strings.CutPrefix(line, "+")
				if added = strings.TrimSpace(added); ok && len(added) > 20 && !code[added] {
					assert.Empty(t, shown[added], "%s: %s", path, added)
				}
			}
		}
	}
	assert.Greater(t, patches, 10)
	for name := range pages {
		assert.NotRegexp(t, `exercises?/testdata/`, name, "solutions, and wrong ones")
	}
}
