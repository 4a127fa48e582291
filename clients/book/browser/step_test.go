package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/serve"
	"example.com/concurrent-network-server/clients/book/site"
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
}

// TestStepOrder: a step is read in the order in which the chapter speaks of it: the loop before the alarm. Each
// Go file says what it is, the list leads to all, and the name of the file that is read stays in the window.
func TestStepOrder(t *testing.T) {
	tb := reading(t, "/step/4-5/", 1440)
	names := eval[[]string](tb, `[...document.querySelectorAll(".part:first-of-type > .file")].map((file) => file.id)`)
	for _, pair := range [][2]string{{"poller.go", "server.go"}, {"server.go", "alarm.go"}, {"server.go", "logger.go"}} {
		first, second := slices.Index(names, pair[0]), slices.Index(names, pair[1])
		assert.True(t, first >= 0 && first < second, "%v: %v", pair, names)
	}
	assert.Equal(t, eval[[]string](tb, `[...document.querySelectorAll(".part > .file")].map((file) => file.id)`),
		eval[[]string](tb, `[...document.querySelectorAll(".changed-files a")].map((link) => decodeURIComponent(link.hash.slice(1)))`))
	assert.Equal(t, "An alarm wakes a poller from another goroutine: it is a pipe whose end fd becomes readable.", eval[string](tb, `document.querySelector("[id='alarm.go'] .says").textContent`))
	assert.Empty(t, eval[[]string](tb, `[...document.querySelectorAll(".part > .file[id$='.go']")].filter((file) => !file.querySelector(".says")).map((file) => file.id)`))
	for _, width := range []int64{375, 800, 1440} {
		tb.open("/step/4-5/", width, "light")
		eval[bool](tb, `(() => { const hunk = document.querySelector("[id='server.go'] .diff"); scrollTo({ top: hunk.getBoundingClientRect().top + scrollY + hunk.offsetHeight / 2, behavior: "instant" }); return true; })()`)
		top := `document.querySelector("[id='server.go'] > summary").getBoundingClientRect().top`
		bar := `Math.max(0, document.querySelector(".bar").getBoundingClientRect().bottom)`
		tb.until(`Math.abs(` + top + ` - ` + bar + `) < 6`)
		assert.True(t, eval[bool](tb, `(() => { const box = document.querySelector("[id='server.go'] .name").getBoundingClientRect();
			return document.elementFromPoint(box.left + 4, box.top + box.height / 2)?.closest("[id='server.go'] > summary") !== null; })()`), "%d px: something lies on the name", width)
	}
	tb.open("/step/2-3/", 1440, "light") // for axe, the other is long
	tb.looks("step", ".changed")
}

// TestSlowPage: a page that comes in two pieces doesn't move when the second makes it longer than the window. (The
// first is all that there is for a while. How long it takes changes nothing about what has to come.)
func TestSlowPage(t *testing.T) {
	chromium(t)
	fsys, _ := booktest.Open(t)
	pages := serve.Handler(serve.Fresh(fsys, site.Options{Base: "/", Lab: site.RecordedLab}), nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		whole := httptest.NewRecorder()
		pages.ServeHTTP(whole, r)
		maps.Copy(w.Header(), whole.Header())
		body := whole.Body.Bytes()
		if at := bytes.Index(body, []byte("</header>\n<section class=\"part\">")); at >= 0 {
			w.Write(body[:at])
			w.(http.Flusher).Flush()
			time.Sleep(700 * time.Millisecond)
			body = body[at:]
		}
		w.Write(body)
	}))
	t.Cleanup(server.Close)
	tb := start(t, server.URL)
	for _, width := range []int64{800, 1440} {
		tb.open("/step/2-3/", width, "light")
		assert.Less(t, eval[float64](tb, shift), 0.0001, "%d px", width)
	}
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
