package browser

import (
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clipped are the blocks of code of which something can't be seen without scrolling. What is folded is unfolded.
const clipped = `(() => {
	for (const fold of document.querySelectorAll(".prose details")) fold.open = true;
	return [...document.querySelectorAll(".prose figure.code pre")].filter((pre) => pre.scrollWidth > pre.clientWidth + 1)
		.map((pre) => pre.parentElement.className + ", " + (pre.scrollWidth - pre.clientWidth) + " px: " + pre.parentElement.querySelector("figcaption")?.textContent + ": " +
			pre.textContent.split("\n").sort((a, b) => b.length - a.length)[0]);
})()`

// wrapped are the lines of code that are not one line on the page.
const wrapped = `[...document.querySelectorAll(".prose figure.code .line")].filter((line) => line.offsetHeight > 1.5 * parseFloat(getComputedStyle(line).lineHeight))
	.map((line) => line.textContent)`

// overlaps are the notes in the margin on which code lies.
const overlaps = `(() => {
	const boxes = (selector) => [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect()).filter((box) => box.width > 0);
	const notes = boxes(".gloss");
	return boxes("figure.code").filter((a) => notes.some((b) => a.right > b.left && b.right > a.left && a.bottom > b.top && b.bottom > a.top)).length;
})()`

// edges returns for each block that scrolls how it fades: at its beginning, in the middle, and at its end.
const edges = `(async () => {
	const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	for (const fold of document.querySelectorAll(".prose details")) fold.open = true;
	await frame();
	const faded = (box) => ["fade-left", "fade-right"].filter((name) => box.matches("." + name)).join(" ") + (getComputedStyle(box).maskImage === "none" ? ", not seen" : "");
	const seen = [];
	for (const box of document.querySelectorAll(".prose :is(.excerpt, .diff, .console) > pre")) {
		if (box.scrollWidth <= box.clientWidth + 20 || !box.offsetWidth) continue;
		for (const at of [0, 10, box.scrollWidth]) {
			box.scrollLeft = at;
			await frame();
			seen.push(faded(box));
		}
	}
	return seen;
})()`

// TestCode: in a wide window, no block of code of a chapter is clipped, and none lies on a note. On a phone,
// where it has to be clipped, an edge fades on the side on which there is more.
func TestCode(t *testing.T) {
	tb := start(t, book(t))
	_, list := booktest.Open(t)
	pages := []string{"/guide/", "/chapter09-offload/beyond/"}
	for _, c := range list {
		pages = append(pages, "/"+filepath.Base(c.Dir)+"/")
	}
	for _, page := range pages {
		tb.open(page, 1440, "light")
		assert.Empty(t, eval[[]string](tb, clipped), page)
		assert.Zero(t, eval[int](tb, overlaps), page)
		if page != "/chapter09-offload/beyond/" { // it has two lines that are wider than the page
			assert.Empty(t, eval[[]string](tb, wrapped), page)
		}
		assert.LessOrEqual(t, eval[int64](tb, `document.documentElement.scrollWidth`), int64(1440), page)
	}
	tb.open(chapter, 375, "light")
	faded := eval[[]string](tb, edges)
	require.NotEmpty(t, faded)
	for i, seen := range faded {
		assert.Equal(t, []string{"fade-right", "fade-left fade-right", "fade-left"}[i%3], seen)
	}
	for _, page := range []string{chapter, "/chapter02-stateful/"} {
		tb.open(page, 1440, "light")
		tb.looks("code"+strings.ReplaceAll(page, "/", "-"), "figure.excerpt, figure.diff")
	}
}
