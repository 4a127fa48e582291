package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	whose = "/chapter03-goroutine-per-client/exercises/3-whose-state/" // 3.3
	word  = `document.querySelector(".deskword").firstChild?.textContent`

	// checking bounds a check on a busy machine.
	checking = 4 * time.Minute
)

// A writer has the book open, at his desk.
type writer struct {
	*tab
	desk *desk.Desk
}

// writing opens the book for one who has written nothing yet, at a page.
func writing(t *testing.T, page string) *writer {
	_, list := booktest.Open(t)
	t.Setenv("WORKBOOK_MY", t.TempDir())
	d, err := desk.Open(list, filepath.Dir(list[0].Dir))
	require.NoError(t, err)
	w := &writer{live(t, d), d}
	w.open(w.link(page), 1440, "light")
	return w
}

// write replaces a part of a file of the copy of 3.3.
func (w *writer) write(name, old, new string) {
	holetest.Edit(w.T, filepath.Join(w.desk.My, "3.3-whose-state", name), old, new)
}

// right writes what the book has into the copy of 3.3.
func (w *writer) right() {
	text, err := os.ReadFile(filepath.Join(w.desk.Root, "chapter03-goroutine-per-client", "handler.go"))
	require.NoError(w, err)
	text = append(text, "// written by the reader\n"...)
	require.NoError(w, os.WriteFile(filepath.Join(w.desk.My, "3.3-whose-state", "handler.go"), text, 0o644))
}

func (w *writer) says(what string) {
	w.Helper()
	w.within(checking, fmt.Sprintf(`%s?.startsWith(%q)`, word, what))
}

// TestWrite does an exercise on its page, by keyboard alone: started, wrong, broken, solved, compared.
func TestWrite(t *testing.T) {
	w := writing(t, whose)
	w.says("Not begun.")
	assert.False(t, eval[bool](w.tab, `document.querySelector(".commands").offsetHeight > 0`), "the commands are for those who have no desk")
	w.tabTo(".desk .start")
	w.press(kb.Enter)
	w.says("Not yet. 0 of ")
	e := w.exercise("3.3")
	var want []string
	for _, test := range e.Tests {
		want = append(want, "bad "+test.Name+" fails")
	}
	assert.Equal(t, want, eval[[]string](w.tab, `[...document.querySelectorAll(".desktests li")].map((e) => e.className + " " + e.textContent.slice(1))`))
	assert.Contains(t, eval[string](w.tab, `document.querySelector(".deskwhy pre").textContent`), "a new client begins in the frame that another has left")
	assert.Contains(t, eval[string](w.tab, `document.querySelector(".deskwhy p").textContent`), "Not even one client after the other is safe")
	assert.Contains(t, eval[string](w.tab, `document.querySelector(".deskcode pre").textContent`), "event, in = parser.Next(in)")

	w.write("handler.go", "event, in = parser.Next(in)", "event, in = parser.Next(")
	w.says("Not yet. It does not compile.")
	assert.Contains(t, eval[string](w.tab, `document.querySelector(".deskwhy pre").textContent`), "handler.go:")
	assert.Contains(t, eval[string](w.tab, `document.querySelector(".deskcode pre").textContent`), "event, in = parser.Next(\n")

	w.right()
	w.within(checking, fmt.Sprintf(`document.querySelectorAll(".desktests .good").length === %d`, len(e.Tests)))
	w.says("Solved")
	w.until(`document.querySelector(".beside del.old")?.textContent.includes("// written by the reader")`)
	assert.False(t, eval[bool](w.tab, `document.querySelector(".ticked").hidden`))
	p, err := w.desk.Progress()
	require.NoError(t, err)
	assert.True(t, p.Solved["3.3"])

	w.tabTo(".desk .again")
	w.press(kb.Enter)
	assert.Equal(t, "tool yes", eval[string](w.tab, `document.activeElement.className`))
	w.press(kb.Enter)
	w.says("Not yet. 0 of ")
	w.until(`document.querySelector(".deskopened").textContent.includes("3.3-whose-state.1")`)
}

// TestHintsOneAtATime: a hint shows that there is another, and the terminal goes on where the page is.
func TestHintsOneAtATime(t *testing.T) {
	w := writing(t, whose)
	w.says("Not begun.")
	shown := `[...document.querySelectorAll("section[aria-labelledby=hints] details")].filter((e) => e.offsetHeight > 0).length`
	assert.Equal(t, 1, eval[int](w.tab, shown))
	w.focus("section[aria-labelledby=hints] details:first-of-type summary")
	w.press(kb.Enter)
	w.until(shown + ` === 2`)
	n, err := w.desk.Hint(w.exercise("3.3")) // in the terminal
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	w.until(shown + ` === 3`)
}

// TestTicked: what is solved in the terminal is ticked at once, on the page, in the list, and in the head
// of the chapter.
func TestTicked(t *testing.T) {
	w := writing(t, "/exercises/")
	item := `document.querySelector("[data-exercise='1.1']")`
	w.until(`document.querySelector(".nextup").textContent === "Next is 1.1 Wait before you retry."`)
	page := w.another()
	page.open(whose, 1200, "light")
	page.until(word + `?.startsWith("Not begun.")`)
	head, written := w.another(), `document.querySelector(".title .meta").textContent.includes("%d of 4 written")`
	head.open("/chapter03-goroutine-per-client/", 1200, "light")
	head.until(fmt.Sprintf(written, 0))
	_, err := w.desk.Change(func(p *hole.Progress) { p.Solved["1.1"], p.Solved["3.3"], p.Last = true, true, "1.1" })
	require.NoError(t, err)
	w.until(item + `.className === "solved" && document.querySelector(".nextup a").textContent.startsWith("1.2 ")`)
	assert.Equal(t, "1 of 3 written", eval[string](w.tab, `document.querySelector("#chapter-1 .written").textContent`))
	assert.Equal(t, "2 written", eval[string](w.tab, `document.querySelector(".written[data-all]").textContent`))
	page.until(`!document.querySelector(".ticked").hidden`)
	head.until(fmt.Sprintf(written, 1))
	for _, js := range []bool{true, false} {
		w.script(js)
		w.open("/chapter03-goroutine-per-client/", 1200, "light")
		assert.Contains(t, eval[string](w.tab, `document.querySelector(".title .meta").textContent`), "1 of 4 written")
		w.open("/exercises/", 1200, "light")
		assert.Equal(t, "2 written", eval[string](w.tab, `document.querySelector(".written[data-all]").textContent`))
	}
}

// TestOpenWithoutAnEditor shows the path, to be copied.
func TestOpenWithoutAnEditor(t *testing.T) {
	w := writing(t, whose)
	_, _, err := w.desk.Start(w.exercise("3.3"), "", false)
	require.NoError(t, err)
	t.Setenv("PATH", t.TempDir())
	t.Setenv("VISUAL", "vi")
	w.until(`document.querySelector(".deskcode .tool")`)
	w.tabTo(".deskcode .tool")
	w.press(kb.Enter)
	w.until(`document.querySelector(".deskopened code")`)
	path := filepath.Join(w.desk.My, "3.3-whose-state", "handler.go")
	assert.Regexp(t, "^"+path+`:\d+$`, eval[string](w.tab, `document.querySelector(".deskopened code").textContent`))
}

func (w *writer) exercise(id string) hole.Exercise {
	e, err := hole.Find(w.desk.Exercises, id)
	require.NoError(w, err)
	return e
}

// TestLockedDesk: a page without the cookie shows the commands, and says what opens the desk. One without
// script shows them too, and all hints.
func TestLockedDesk(t *testing.T) {
	w := writing(t, "/")
	stranger := start(t, w.address)
	stranger.open(whose, 800, "light")
	stranger.until(`document.querySelector(".commands .small").textContent.includes("the link that it has printed in the terminal")`)
	assert.True(t, eval[bool](stranger, `document.querySelector(".commands").offsetHeight > 0`))
	stranger.open("/chapter03-goroutine-per-client/", 800, "light")
	stranger.until(`performance.getEntriesByType("resource").some((e) => e.name.endsWith("/desk/events"))`)
	assert.Contains(t, eval[string](stranger, `document.querySelector(".title .meta").textContent`), "0 of 4 written")
	w.script(false)
	w.open(whose, 800, "light")
	assert.Equal(t, "go run ./clients/exercise start 3.3\ngo run ./clients/exercise watch 3.3\n", eval[string](w.tab, `[...document.querySelectorAll(".commands .run")].map((e) => e.textContent).join("")`))
	assert.Equal(t, 3, eval[int](w.tab, `[...document.querySelectorAll("section[aria-labelledby=hints] details")].filter((e) => e.offsetHeight > 0).length`))
	assert.False(t, eval[bool](w.tab, `document.querySelector(".live").offsetHeight > 0`))
}

// TestHiddenDesk: a page that is hidden lets its connection go, so eight of them leave one for a ninth,
// and one that comes back shows what has happened meanwhile.
func TestHiddenDesk(t *testing.T) {
	w := writing(t, whose)
	w.says("Not begun.")
	w.hide(true)
	for range 7 {
		tb := w.another()
		tb.open(whose, 800, "light")
		tb.until(word + `?.startsWith("Not begun.")`)
		tb.hide(true)
	}
	_, err := w.desk.Change(func(p *hole.Progress) { p.Solved["3.3"] = true })
	require.NoError(t, err)
	w.hide(false)
	w.until(`!document.querySelector(".ticked").hidden`)
	w.closes()
	w.says("The book has closed")
	w.wrong() // the browser's word of it
}

// TestDeskLooks looks at exercises in all their states: nothing wider than the window, and nothing that
// axe finds.
func TestDeskLooks(t *testing.T) {
	w := writing(t, whose)
	look := func(page, what string) {
		for _, width := range []int64{375, 768, 1200, 1440} {
			for _, theme := range []string{"light", "dark"} {
				w.open(page, width, theme)
				if page != "/exercises/" {
					w.within(checking, `document.querySelector(".live") && !document.querySelector(".live").hidden && !document.querySelector(".deskword").textContent.includes("…")`)
				}
				w.clean(what, width, theme)
			}
		}
	}
	look(whose, "not-begun")
	project := "/chapter02-stateful/exercises/5-your-protocol/"
	look(project, "project")
	for _, id := range []string{"3.3", "2.5"} {
		_, _, err := w.desk.Start(w.exercise(id), "", false)
		require.NoError(t, err)
	}
	look("/exercises/", "list")
	w.open(whose, 1440, "light")
	w.says("Not yet. 0 of ")
	look(whose, "wrong")
	w.right()
	w.says("Solved")
	look(whose, "solved")
	look("/chapter05-nonblocking/exercises/5-idle-clients-go/", "four-places")
}
