package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kinds are a page of each kind. Those with an exercise are looked at when there are some.
var kinds = []string{
	"/", "/chapter03-goroutine-per-client/", "/chapter09-offload/", "/chapter05-nonblocking/poll.go.html", "/clients/talk/main.go.html",
	"/step/2-3/", "/step/5-6/", "/guide/", "/clients/", "/results/", "/exercises/", "/lab/",
	"/chapter03-goroutine-per-client/exercises/3-whose-state/",
}

// checked are the widths at which axe has a look, too.
var checked = map[int64]bool{360: true, 800: true, 1440: true}

// TestPages looks at each kind of page in narrow, middle and wide windows, in light, and one in
// dark: no error, nothing wider than the window, nothing that moves while it loads, and
// nothing serious that axe finds.
func TestPages(t *testing.T) {
	address, axe := book(t), axe(t)
	for _, page := range kinds {
		t.Run(page, func(t *testing.T) {
			tb := start(t, address)
			for _, width := range []int64{320, 360, 720, 800, 1000, 1200, 1260, 1320, 1440, 2560} {
				tb.look(page, width, "light", axe)
			}
			tb.look(page, 800, "dark", axe)
		})
	}
}

func (t *tab) look(page string, width int64, theme, axe string) {
	t.open(page, width, theme)
	if page == "/exercises/" && eval[bool](t, `document.body.className === "missing"`) {
		t.wrong()
		t.Skip("there are no exercises yet")
	}
	where := fmt.Sprintf("in a window of %d px, %s", width, theme)
	assert.LessOrEqual(t, eval[int64](t, `document.documentElement.scrollWidth`), width, "the page is wider than the window: "+where)
	assert.True(t, eval[bool](t, apart), "the bar's parts lie on each other: "+where)
	assert.Empty(t, eval[[]string](t, outside), "elements that reach out of the window: "+where)
	assert.Less(t, eval[float64](t, shift), 0.01, "the page moves while it loads: "+where)
	if checked[width] {
		eval[bool](t, axe+"; true")
		assert.Empty(t, eval[[]string](t, serious), where)
	}
	assert.Empty(t, t.wrong(), where)
}

// outside finds elements that begin or end outside of the window and can't be scrolled to.
const outside = `[...document.querySelectorAll("main *, header *")].filter((e) => {
	const box = e.getBoundingClientRect();
	if (box.width < 2 || e.closest("pre, .table, .picture, .hidden, .skip, [popover]")) return false;
	return box.left < -1 || box.right > innerWidth + 1;
}).map((e) => e.outerHTML.slice(0, 100))`

// apart reports whether the links of the bar are where no other of its parts is.
const apart = `(() => {
	const boxes = [...document.querySelectorAll(".bar .home, .bar li a, .tools button")].map((e) => e.getBoundingClientRect());
	return boxes.every((a) => boxes.every((b) => a === b || a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top));
})()`

// shift sums up by how much the page has moved, as browsers measure it.
const shift = `new Promise((done) => {
	let sum = 0;
	new PerformanceObserver((list) => list.getEntries().forEach((e) => { sum += e.value; })).observe({type: "layout-shift", buffered: true});
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
})`

// serious is all that axe finds, its best practices and the size of targets included.
const serious = `axe.run({resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then((result) => result.violations
	.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120) + " " + n.failureSummary).join(" | ")))`

// axe returns the checker, which is on no page of ours.
func axe(t *testing.T) string {
	script, err := os.ReadFile(os.Getenv("AXE"))
	require.NoError(t, err, "AXE has to name the file axe.min.js of axe-core")
	require.True(t, strings.Contains(string(script[:200]), "axe"), "AXE names another file")
	return string(script)
}

// TestMissing shows the page that says that there is no such page.
func TestMissing(t *testing.T) {
	tb := reading(t, "/deep/down/nothing", 800)
	assert.Equal(t, "There is no such page", eval[string](tb, `document.querySelector("h1").textContent`))
	assert.NotEqual(t, "rgba(0, 0, 0, 0)", eval[string](tb, `getComputedStyle(document.documentElement).backgroundColor`), "without its stylesheet")
	assert.Len(t, tb.wrong(), 2, "the page itself, and the console's word of it")
}

// TestBar: the bar's parts are beside each other in a window of any width.
func TestBar(t *testing.T) {
	tb := reading(t, chapter, 320)
	for width := int64(320); width <= 2000; width += 20 {
		tb.do(chromedp.EmulateViewport(width, 900))
		tb.until(fmt.Sprintf(`innerWidth === %d`, width))
		assert.True(t, eval[bool](tb, apart), "the bar's parts lie on each other in a window of %d px", width)
		assert.Empty(t, eval[[]string](tb, outside), "%d px", width)
		assert.LessOrEqual(t, eval[int64](tb, `document.documentElement.scrollWidth`), width)
	}
}

// weight is how many bytes a page has loaded, as they are before they are compressed.
const weight = `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation")).reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)`

// TestWeight: a page with its script, its style and the recording that its lab begins with takes less than 300 kB.
func TestWeight(t *testing.T) {
	tb := start(t, book(t))
	for _, page := range []string{"/", "/lab/", "/chapter01-sequential/", "/chapter05-nonblocking/", "/chapter08-async-server/", "/chapter09-offload/"} {
		tb.open(page, 1200, "light")
		if page != "/" {
			eval[bool](tb, `document.querySelector(".bench:not(.card)").scrollIntoView(), true`)
			tb.until(`document.querySelector(".bench:not(.card)").matches(".preview")`)
		}
		bytes := eval[int](tb, weight)
		t.Log(page, bytes)
		assert.Less(t, bytes, 300_000, page)
	}
}
