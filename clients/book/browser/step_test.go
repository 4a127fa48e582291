package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A shownBlock is a run of lines of a file, as a step's page shows it.
type shownBlock struct {
	Old, New string   // the names of the file in both chapters
	Lines    []string // what should be seen, in its order: a side and a number
	Text     string   // what can be seen
}

// shownBlocks are those of the files that are open. Of the lines that are the same in both chapters,
// one column is enough.
const shownBlocks = `JSON.stringify([...document.querySelectorAll(".file[open]")].flatMap((file) => [...file.querySelectorAll(".hunk > div")].map((block) => ({
	Old: file.dataset.old, New: file.dataset.new, Text: block.innerText,
	Lines: [...block.querySelectorAll(":scope > :is(span, ins, del)")].filter((line) => line.matches(".new, del") || line.offsetHeight > 0)
		.map((line) => (line.matches(".old") ? "old " : "new ") + line.querySelector("[data-n]").dataset.n),
}))))`

// TestStepWords: each word of a step's difference can be seen, in both views, comments included. The
// lines are compared with those of the files on the disk, and of a new file all are there.
func TestStepWords(t *testing.T) {
	tb := start(t, book(t))
	_, list := booktest.Open(t)
	for i, c := range list[1:] {
		tb.open(fmt.Sprintf("/step/%d-%d/", c.Number-1, c.Number), 1440, "light")
		for _, view := range []string{"beside", "inline"} {
			eval[bool](tb, fmt.Sprintf(`document.querySelector("[value=%s]").click(), true`, view))
			var blocks []shownBlock
			require.NoError(t, json.Unmarshal([]byte(eval[string](tb, shownBlocks)), &blocks))
			require.NotEmpty(t, blocks)
			lines := map[string]int{}
			for _, b := range blocks {
				old, new := linesOf(t, list[i].Dir, b.Old), linesOf(t, c.Dir, b.New)
				var want []string
				for _, line := range b.Lines {
					var side string
					var n int
					fmt.Sscan(line, &side, &n)
					want = append(want, strings.Fields(map[string][]string{"old": old, "new": new}[side][n-1])...)
				}
				require.Equal(t, strings.Join(want, " "), strings.Join(strings.Fields(b.Text), " "), "%s in chapter %d, %s", b.New, c.Number, view)
				lines[b.New] += len(b.Lines)
				if b.Old == "" {
					assert.LessOrEqual(t, lines[b.New], len(new))
				}
			}
			for _, name := range eval[[]string](tb, `[...document.querySelectorAll(".file.added[open]")].map((file) => file.dataset.new)`) {
				assert.Len(t, linesOf(t, c.Dir, name), lines[name], "%s in chapter %d, %s", name, c.Number, view)
			}
		}
	}
	assert.Empty(t, tb.wrong())
}

// linesOf returns the lines of a file, if there is one.
func linesOf(t *testing.T, dir, name string) []string {
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
