package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const chapter = "/chapter03-goroutine-per-client/"

const background = `getComputedStyle(document.documentElement).backgroundColor`

// TestSwitch: the switch changes the colours, and a reader who comes back finds his choice.
func TestSwitch(t *testing.T) {
	tb := reading(t, chapter, 800)
	light := eval[string](tb, background)
	tb.focus(".theme")
	tb.press(kb.Enter)
	dark := eval[string](tb, background)
	assert.NotEqual(t, light, dark)
	assert.Equal(t, "true", eval[string](tb, `document.querySelector(".theme").getAttribute("aria-pressed")`))
	tb.open("/", 800, "light")
	assert.Equal(t, dark, eval[string](tb, background))
	tb.focus(".theme")
	tb.press(" ")
	assert.Equal(t, light, eval[string](tb, background))
	tb.media("dark", "")
	assert.Equal(t, dark, eval[string](tb, background), "a choice that is the system's is none: the system is followed")
	tb.open("/", 800, "dark")
	assert.Equal(t, dark, eval[string](tb, background))
}

// TestTerms: a term's button shows its meaning; where the meaning is in the margin, it
// stays there.
func TestTerms(t *testing.T) {
	tb := reading(t, chapter, 360)
	visible := `document.querySelectorAll(".gloss:popover-open").length`
	tb.focus(".term")
	for _, key := range []string{kb.Enter, " "} {
		tb.press(key)
		tb.until(visible + ` === 1`)
		inside := `(() => { const box = document.querySelector(".gloss:popover-open").getBoundingClientRect();
			return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight; })()`
		assert.True(t, eval[bool](tb, inside), "the note is in the window")
		tb.press(kb.Escape)
		tb.until(visible + ` === 0`)
	}
	tb.open(chapter, 1440, "light")
	margin := `[...document.querySelectorAll(".gloss")].filter((e) => e.offsetWidth > 0)`
	assert.Greater(t, eval[int](tb, margin+`.length`), 4)
	assert.True(t, eval[bool](tb, margin+`.every((e) => e.getBoundingClientRect().left > document.querySelector(".prose p").getBoundingClientRect().right)`))
	eval[bool](tb, margin+`[0].previousElementSibling.focus(); true`)
	tb.press(kb.Enter)
	assert.Equal(t, 0, eval[int](tb, visible))
}

// TestPrediction: what a reader writes is there when he comes back, and only in this place.
func TestPrediction(t *testing.T) {
	tb := reading(t, chapter, 800)
	field := `document.querySelector(".guess textarea").value`
	tb.focus(".guess textarea")
	tb.press("Echo / 1")
	assert.Equal(t, "Echo / 1", eval[string](tb, field), "keys of the page are letters here")
	tb.open("/chapter02-stateful/", 800, "light")
	assert.Empty(t, eval[string](tb, field))
	tb.open(chapter, 800, "light")
	assert.Equal(t, "Echo / 1", eval[string](tb, field))
	tb.focus(".predict .answer > summary")
	tb.press(kb.Enter)
	assert.True(t, eval[bool](tb, `document.querySelector(".predict .answer").open`))
}

// TestCopy: the button copies what is typed, without prompts and without what is printed.
func TestCopy(t *testing.T) {
	address := book(t)
	tb := start(t, address)
	tb.open(chapter, 800, "light")
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(tb.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: "granted", Origin: address})
		require.NoError(t, err)
	}
	tb.focus("figure.client .copy")
	tb.press(kb.Enter)
	tb.until(`document.querySelector("figure.client .copy").textContent === "Copied"`)
	assert.Equal(t, "go run ../clients/idle &\ngo run ../clients/talk '^echo$'\n", eval[string](tb, `navigator.clipboard.readText()`))
}

// TestSearchFinds: files, functions and tests by their names, the pages that are no chapters, and a chapter
// before a table that mentions it. A term of the text is before a function of that name.
func TestSearchFinds(t *testing.T) {
	tb := reading(t, chapter, 1200)
	openSearch(tb)
	tb.until(`book.index`)
	find := func(words string) []string {
		eval[bool](tb, fmt.Sprintf(`(() => { book.search.input.value = %q; book.search.show(); return true; })()`, words))
		return eval[[]string](tb, `[...document.querySelectorAll("#found [role=option]")].map((row) => row.entry.p)`)
	}
	for words, first := range map[string]string{
		"lab": "lab/", "exercises": "exercises/", "results": "results/",
		"acceptRetry": "chapter01-sequential/server.go.html#L", "coroutines": "chapter07-async-handler/", "state machine": "#",
		"TestLongChecks": "chapter06-refactor/handler/handler_test.go.html#L", "logger.go": "chapter05-nonblocking/logger.go.html",
		"goroutine per client": "chapter03-goroutine-per-client/", "fixed number of workers": "chapter04-worker-pool/",
		"one client at a time": "chapter01-sequential/", "drain": "chapter08-async-server/#", "session": "chapter02-stateful/#", "async.go": "chapter07-async-handler/async/async.go.html", "step from chapter 2 to 3": "step/2-3/",
	} {
		found := find(words)
		require.NotEmpty(t, found, words)
		assert.Contains(t, found[0], first, words)
		if strings.HasSuffix(first, "/") {
			assert.Equal(t, first, found[0], words)
		}
	}
	assert.Equal(t, "chapter01-sequential/server.go.html", find("server.go")[0], "the first of nine")
	at := find("acceptRetry")[0]
	tb.open("/"+at, 1200, "light")
	assert.Contains(t, eval[string](tb, `document.querySelector(":target").nextSibling.textContent + document.querySelector(":target").parentElement.textContent.split("\n")[Number(location.hash.slice(2)) - 1]`), "acceptRetry")
}

// openSearch presses the key for it. A real keyboard would not leave the slash in the field:
// chromedp sends the character apart from the key that the page has taken.
func openSearch(t *tab) {
	t.press("/")
	t.until(`document.querySelector("dialog.search")?.open`)
	eval[bool](t, `book.search.input.select(); true`)
}

func search(t *tab) {
	openSearch(t)
	t.press("preempt")
	t.until(`document.querySelectorAll("#found [role=option]").length > 2`)
	assert.Equal(t, "preempt", eval[string](t, `document.querySelector("#found strong").textContent`), "the glossary first")
	assert.Regexp(t, "preempt", eval[string](t, `document.querySelector("#found mark").textContent`))
	t.press(kb.ArrowDown)
	assert.Equal(t, "found-1", eval[string](t, `document.activeElement.getAttribute("aria-activedescendant")`))
	to := eval[string](t, `document.querySelectorAll("#found [role=option]")[1].entry.p`)
	t.press(kb.Enter)
	to = strings.Replace(to, "index.html", "", 1) // some hosts leave it out
	t.until(fmt.Sprintf(`location.href.replace("index.html", "").endsWith(%q) && document.readyState === "complete"`, to))
	openSearch(t)
	t.press("<img src=x onerror=alert(1)> zzz")
	t.until(`document.querySelector(".search .state").textContent === "Nothing found."`)
	t.press(kb.Escape)
	t.until(`!document.querySelector("dialog.search").open`)
}

// TestKeys: the arrow keys turn the page, and the list of sections follows the reading.
func TestKeys(t *testing.T) {
	tb := reading(t, chapter, 1440)
	current := `document.querySelector(".side [aria-current=true]").hash`
	assert.Equal(t, "#the-symptom", eval[string](tb, current))
	eval[bool](tb, `document.querySelector("#what-it-costs").scrollIntoView(); true`)
	tb.until(current + ` === "#what-it-costs"`)
	tb.press(kb.ArrowRight)
	tb.until(`location.pathname.startsWith("/chapter04") && document.readyState === "complete"`)
	tb.press(kb.ArrowLeft)
	tb.until(`location.pathname.startsWith("/chapter03") && document.readyState === "complete"`)
	tb.press(kb.Tab)
	assert.Equal(t, "skip", eval[string](tb, `document.activeElement.className`), "the first stop leads to the text")
}

// TestViews: a step is shown side by side, or in one column.
func TestViews(t *testing.T) {
	tb := reading(t, "/step/2-3/", 1440)
	columns := `(() => { const box = (side) => document.querySelector(".changed:has(del):has(ins) " + side).getBoundingClientRect();
		return box("ins").left > box("del").right - 2; })()`
	assert.True(t, eval[bool](tb, columns))
	tb.focus(`[value="beside"]`)
	tb.press(kb.ArrowRight)
	assert.False(t, eval[bool](tb, columns))
	tb.open("/step/2-3/", 800, "light")
	assert.False(t, eval[bool](tb, columns), "there is no room for two columns")
}
