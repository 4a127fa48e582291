package browser

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFrontPage: the plot is above the fold, in a wide window and on a phone: nine timelines on one
// axis, each of which leads to its chapter.
func TestFrontPage(t *testing.T) {
	tb := start(t, book(t))
	for _, width := range []int64{375, 768, 1200, 1440} {
		tb.open("/", width, "light")
		lowest := `Math.max(...[...document.querySelectorAll(".nine svg")].map((svg) => svg.getBoundingClientRect().bottom))`
		assert.Equal(t, 9, eval[int](tb, `new Set([...document.querySelectorAll(".nine a:has(svg)")].map((a) => a.href)).size`))
		assert.LessOrEqual(t, eval[float64](tb, lowest), 900., "the nine are below the fold at %d px", width)
		assert.Equal(t, "none", eval[string](tb, `getComputedStyle(document.querySelector(".playall")).display`), "nothing moves for who wants nothing to move")
		ends := eval[[]float64](tb, `[...document.querySelectorAll(".nine svg")].map((svg) => Math.max(...[...svg.querySelectorAll("rect")].map((r) => Number(r.getAttribute("x")) + Number(r.getAttribute("width")))))`)
		require.Len(t, ends, 9)
		assert.InDelta(t, 1000, slices.Max(ends), 20)
		tb.clean("front", width, "light")
		tb.clean("front", width, "dark")
	}
}

// TestPlayAll: one button plays all nine together, and at the end they are as they were.
func TestPlayAll(t *testing.T) {
	tb := start(t, book(t))
	tb.media("light", "")
	_, err := chromedp.Call(tb.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "no-preference"}}})
	require.NoError(t, err)
	tb.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate(tb.address+"/"))
	clip := `getComputedStyle(document.querySelector(".nine svg")).clipPath`
	assert.Equal(t, "none", eval[string](tb, clip))
	tb.focus(".playall")
	tb.press(" ")
	tb.until(`document.getAnimations().length === 9`)
	assert.NotEqual(t, "none", eval[string](tb, clip))
	tb.until(`document.getAnimations().length === 0`)
	assert.Equal(t, "none", eval[string](tb, clip))
}

// TestSlash opens the search on a keyboard on which the slash needs Shift.
func TestSlash(t *testing.T) {
	tb := reading(t, chapter, 1200)
	for _, shift := range []bool{false, true} {
		eval[bool](tb, fmt.Sprintf(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", shiftKey: %t, bubbles: true, cancelable: true})), true`, shift))
		tb.until(`document.querySelector("dialog.search")?.open`)
		eval[bool](tb, `document.querySelector("dialog.search").close(), true`)
	}
	eval[bool](tb, `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", shiftKey: true, bubbles: true})), true`)
	assert.Equal(t, chapter, eval[string](tb, `location.pathname`), "Shift and an arrow select text")
}

// TestGlosses: a term is marked where the text means it.
func TestGlosses(t *testing.T) {
	tb := start(t, book(t))
	for page, wrong := range map[string][]string{"/chapter05-nonblocking/": {"event"}, "/chapter07-async-handler/": {"frame"},
		"/chapter08-async-server/": {"frame"}, "/chapter09-offload/": {"deadline", "event", "session"}} {
		tb.open(page, 1200, "light")
		marked := eval[[]string](tb, `[...document.querySelectorAll(".gloss b")].map((b) => b.textContent)`)
		assert.Greater(t, len(marked), 5)
		for _, term := range wrong {
			assert.NotContains(t, marked, term, page)
		}
	}
}

// TestPaper: the lab's page says on paper why there is nothing to be seen.
func TestPaper(t *testing.T) {
	tb := reading(t, "/lab/", 1200)
	seen := `document.querySelector(".on-paper").offsetHeight > 0`
	assert.False(t, eval[bool](tb, seen))
	tb.media("light", "print")
	assert.True(t, eval[bool](tb, seen))
	assert.False(t, eval[bool](tb, `document.querySelector(".bench").offsetHeight > 0`))
	for page, turns := range map[string]bool{"/lab/": false, "/guide/": false, chapter: true, "/step/2-3/": true} {
		tb.open(page, 1200, "light")
		assert.Equal(t, turns, eval[bool](tb, `document.querySelector(".foot").innerText.includes("turn the page")`), "what the arrows do on %s", page)
		assert.Greater(t, len(eval[string](tb, `document.querySelector("meta[name=description]").content`)), 50)
	}
}
