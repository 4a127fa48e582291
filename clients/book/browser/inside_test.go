package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rows returns the names of the rows inside a server.
func (t *tab) rows(side int) []string {
	t.Helper()
	return eval[[]string](t, fmt.Sprintf(`[...document.querySelectorAll(".labside")[%d].querySelectorAll(".inside > g")].map((row) => row.querySelector("text").textContent)`, side))
}

// clean checks a page that shows something: nothing wider than the window, and nothing serious that
// axe finds. It makes a picture where SHOTS names a folder.
func (t *tab) clean(name string, width int64, theme string) {
	t.Helper()
	t.media(theme, "")
	t.do(chromedp.EmulateViewport(width, 900))
	t.until(fmt.Sprintf(`innerWidth === %d`, width))
	where := fmt.Sprintf("in a window of %d px, %s", width, theme)
	assert.LessOrEqual(t, eval[int64](t, `document.documentElement.scrollWidth`), width, where)
	assert.Empty(t, eval[[]string](t, outside), where)
	eval[bool](t, axe(t.T)+"; true")
	assert.Empty(t, eval[[]string](t, serious), where)
	if dir := os.Getenv("SHOTS"); dir != "" { // of what is in the window
		png, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)), png, 0o644))
	}
}

// scroll scrolls to the middle of an element.
func (t *tab) scroll(selector string) {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"}), true`, selector))
}

// looks is clean on a phone and in a wide window, in light and dark, with an element in the middle.
func (t *tab) looks(name, selector string) {
	t.Helper()
	for _, width := range []int64{360, 1440} {
		t.do(chromedp.EmulateViewport(width, 900))
		t.scroll(selector)
		t.clean(name, width, "light")
		t.clean(name, width, "dark")
	}
}

// TestInside plays an experiment in two chapters beside each other, and once more with a look inside,
// with the keyboard alone. Each client has its row, and the time axis is that of the lanes.
func TestInside(t *testing.T) {
	tb := laboratory(t)
	eval[bool](tb, `document.querySelector(".labstart").second.value = "4", true`)
	tb.play(3, 1, "7")
	assert.Equal(t, 0, eval[int](tb, `[...document.querySelectorAll(".labinside")].filter((e) => e.offsetWidth > 0).length`))
	tb.tabTo(`.experiment .look`)
	tb.press(kb.Enter)
	tb.until(`[...document.querySelectorAll(".labinside")].filter((e) => e.offsetWidth > 0).length === 2`)
	for side := range 2 {
		rows := tb.rows(side)
		require.Greater(t, len(rows), 3, rows)
		assert.Equal(t, []string{"client 1", "echo", "echo"}, rows[len(rows)-3:])
		assert.Equal(t, "P0", rows[0])
	}
	assert.Contains(t, eval[string](tb, `document.querySelector(".inside").getAttribute("aria-label")`), "echo ran")
	tb.until(`!document.querySelector(".labzoom").hidden`)
	begin := `(() => { const side = document.querySelector(".labside");
		const lane = Number([...side.querySelectorAll(".lane")].at(-1).querySelector(".line").getAttribute("x"));
		const row = Number([...side.querySelectorAll(".inside > g")].at(-1).querySelector("path").getAttribute("d").match(/M([\d.]+)/)[1]);
		return Math.abs(lane - row); })()`
	assert.Less(t, eval[float64](tb, begin), 3., "a client's lane and its goroutine begin at the same time")
	tb.tabTo(`.labzoom select`)
	tb.press("5") // 500 ms
	tb.until(`document.querySelector(".labzoom").shows.value === "500"`)
	tb.tabTo(`.labzoom input`)
	tb.press(kb.End)
	tb.until(`document.querySelector(".labzoom").at.value === "1000"`)
	ticks := `[...document.querySelectorAll(".axis text")].map((text) => parseFloat(text.textContent))`
	tb.until(ticks + `.slice(-1)[0] - ` + ticks + `[0] <= .5`)
	tb.looks("inside", ".inside")
	tb.play(3, 1, "7")
	assert.Equal(t, 0, eval[int](tb, `[...document.querySelectorAll(".labinside")].filter((e) => e.offsetWidth > 0).length`), "a plain run has no tracer")
}

// TestInsideTheLoop: one goroutine serves all, and the page says so.
func TestInsideTheLoop(t *testing.T) {
	tb := laboratory(t)
	tb.play(5, 0, "Echo, SmallPrime, LongPrime")
	eval[bool](tb, `document.querySelector(".experiment .look").click(), true`)
	tb.until(`document.querySelector(".inside > g")`)
	rows := tb.rows(0)
	assert.Equal(t, []string{"Loop", "LongPrime", "Echo", "SmallPrime"}, rows[len(rows)-4:])
	assert.Contains(t, eval[string](tb, `document.querySelector(".labinside .labnote").textContent`), "One goroutine serves all clients")
}

// TestInsideOfARecording: what was inside is in the recording, and one button shows it.
func TestInsideOfARecording(t *testing.T) {
	tb := recorded(t, 1440)
	assert.Contains(t, tb.play(3, 1, "1"), "The outcome in chapter 3: 2.")
	assert.Equal(t, 0, eval[int](tb, `[...document.querySelectorAll(".labinside")].filter((e) => e.offsetWidth > 0).length`))
	tb.tabTo(`.experiment .look`)
	tb.press(kb.Enter)
	tb.until(`document.querySelector(".labinside").offsetWidth > 0`)
	rows := tb.rows(0)
	assert.Equal(t, []string{"client 1", "echo", "echo"}, rows[len(rows)-3:])
	assert.Empty(t, tb.wrong())
	tb.clean("recorded", 1440, "dark") // on a disk, axe complains that it can't read the stylesheet
}
