package browser

import (
	"path/filepath"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExplain: each chapter ends with five questions, whose answers are short, and lead to where they are told.
func TestExplain(t *testing.T) {
	tb := start(t, book(t))
	_, list := booktest.Open(t)
	for _, c := range list {
		page := "/" + filepath.Base(c.Dir) + "/"
		tb.open(page, 800, "light")
		assert.Equal(t, 5, eval[int](tb, `document.querySelectorAll(".explain > details:not([open])").length`), page)
		assert.Empty(t, eval[[]string](tb, `[...document.querySelectorAll(".explain > details")].filter((fold) => !fold.querySelector("summary").textContent.endsWith("?") ||
			!document.querySelector([...fold.querySelectorAll("a")].find((link) => !link.closest(".gloss"))?.getAttribute("href")) || words(fold.querySelector("p")).split(/\s+/).length > 70).map((fold) => fold.textContent)`), page)
	}
}

// older lets days go by.
func (t *tab) older(days string) {
	t.Helper()
	eval[bool](t, `(() => { const { chapters } = book.again, times = JSON.parse(book.kept("again") || "{}"), gone = `+days+` * day;
		for (const chapter of Object.values(chapters)) chapter.at -= gone;
		for (const time of Object.values(times)) time.next -= gone;
		book.keep("read", JSON.stringify(chapters));
		book.keep("again", JSON.stringify(times));
		return true; })()`)
}

// TestAgain: what was read more than a week ago is asked again, one question at a time; what was known comes
// back later, and what wasn't tomorrow. What was read today is not asked.
func TestAgain(t *testing.T) {
	tb := start(t, book(t))
	end := `document.querySelector(".explain").lastElementChild.scrollIntoView(), true`
	tb.open(chapter, 800, "light")
	assert.False(t, eval[bool](tb, `document.querySelector(".again") !== null`))
	tb.focus(".guess textarea")
	tb.press("Nobody")
	assert.Equal(t, "{}", eval[string](tb, `JSON.stringify(book.again.chapters)`), "the chapter hasn't been read")
	eval[bool](tb, end)
	tb.until(`Object.keys(book.again.chapters).length === 1`)
	tb.older("6")
	tb.open("/", 800, "light")
	assert.False(t, eval[bool](tb, `document.querySelector(".again") !== null`), "a week hasn't gone by")
	tb.older("2")
	for _, page := range []string{"/chapter01-sequential/", "/"} {
		tb.open(page, 800, "light")
		assert.Equal(t, 1, eval[int](tb, `document.querySelectorAll(".again .asked").length`), page)
	}
	assert.Contains(t, eval[string](tb, `document.querySelector(".again .asked").textContent`), "The cure is a goroutine for each client.")
	assert.Contains(t, eval[string](tb, `document.querySelector(".again .meta").textContent`), "6 questions are due.")
	tb.focus(".again button")
	tb.press(" ")
	assert.Contains(t, eval[string](tb, `document.querySelector(".again").textContent`), "You wrote: Nobody")
	assert.Contains(t, eval[string](tb, `document.querySelector(".again .told").textContent`), "The core is taken away from it.")
	tb.looks("again", ".again")
	tb.press(" ") // I knew it
	tb.until(`document.querySelector(".again .meta").textContent.includes("5 questions are due.")`)
	tb.press(" ")
	tb.until(`document.querySelector(".again .told")`)
	eval[bool](tb, `document.querySelectorAll(".again button")[1].click(), true`) // tomorrow
	due := `book.again.due(Date.now()).length`
	require.Equal(t, 4, eval[int](tb, due))
	tb.older("1.1")
	assert.Equal(t, 5, eval[int](tb, due), "the one that wasn't known")
	tb.older("12")
	assert.Equal(t, 5, eval[int](tb, due), "the one that was, before its time")
	tb.older("1")
	assert.Equal(t, 6, eval[int](tb, due), "the one that was")
	tb.open(chapter, 800, "light")
	before := `JSON.parse(book.kept("read"))["/chapter03-goroutine-per-client/"].at`
	at := eval[float64](tb, before)
	eval[bool](tb, `book.keep("read", book.kept("read").replace("The cure", "Old")), true`)
	eval[bool](tb, end)
	tb.until(`book.kept("read").includes("The cure")`)
	assert.Equal(t, at, eval[float64](tb, before), "who reads it again isn't asked later for that")
}
