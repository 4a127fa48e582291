package browser

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// asked waits for the page to ask something that begins with these words.
func (t *tab) asked(words string) {
	t.Helper()
	t.until(fmt.Sprintf(`!document.querySelector(".bench:not(.card) .labask").hidden && document.querySelector(".bench:not(.card) .labask span").textContent.startsWith(%q)`, words))
}

// show lets the page show another page's servers, about which it asks with these words.
func (t *tab) show(words string) {
	t.Helper()
	t.asked(words)
	eval[bool](t, `document.querySelector(".bench:not(.card) .labask button").click(), true`)
}

// hide lets the page believe that it is hidden, or seen: no tab of this browser ever is.
func (t *tab) hide(yes bool) {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`Object.defineProperty(document, "hidden", {value: %t, configurable: true}), document.dispatchEvent(new Event("visibilitychange")), true`, yes))
}

// TestManyTabs: a browser has six connections to a host. Eight tabs of the lab, each of which shows
// the same servers, leave one for a ninth page.
func TestManyTabs(t *testing.T) {
	first := laboratory(t)
	first.begin(3, 1)
	for range 7 {
		tb := first.another()
		tb.open("/lab/", 800, "light")
		tb.show("The server of chapter 3 runs")
		tb.until(`document.querySelectorAll(".lane[data-state=idle]").length === 1`)
		tb.hide(true)
	}
	ninth := first.another()
	ninth.open("/guide/", 800, "light")
	assert.NotEmpty(t, eval[string](ninth, `document.querySelector("h1").textContent`))
	first.act("idle")
	first.until(`document.querySelectorAll(".lane[data-state=idle]").length === 2`)
}

// TestComeBack: a tab that was hidden shows what has happened meanwhile.
func TestComeBack(t *testing.T) {
	tb := laboratory(t)
	tb.begin(3, 1)
	tb.hide(true)
	tb.act("echo")
	tb.hide(false)
	tb.until(`document.querySelectorAll(".lane[data-state=answered]").length === 1`)
}

// TestAskFirst: nobody's servers are ended by another tab that doesn't say so.
func TestAskFirst(t *testing.T) {
	one := laboratory(t)
	one.begin(3, 2)
	two := one.another()
	two.open("/lab/", 1200, "light")
	two.asked("The server of chapter 3 runs")
	start := `document.querySelector(".labstart").first.value = "4", document.querySelector(".labstart").requestSubmit(), true`
	eval[bool](two, start)
	two.asked("On another page, the server of chapter 3 runs. It ends if yours starts.")
	eval[bool](two, `document.querySelectorAll(".labask button")[1].click(), true`)
	one.act("idle")
	one.until(`document.querySelectorAll(".lane[data-state=idle]").length === 3`)
	eval[bool](two, start)
	two.show("On another page")
	two.until(`document.querySelector(".labside h3")?.textContent.startsWith("Chapter 4 listens on")`)
	one.until(`document.querySelector(".labword").textContent === "Another page has started a server, of chapter 4. This one has been stopped."`)
	assert.Len(t, one.lanes(), 3, "what was seen stays")
	for _, problem := range two.wrong() {
		assert.Contains(t, problem, "409", "the browser's word of a refusal")
	}
}

// TestAnotherChapter: a chapter's lab says that another chapter's server runs, and has its own experiments.
func TestAnotherChapter(t *testing.T) {
	tb := laboratory(t)
	tb.begin(8, 0)
	tb.open("/chapter05-nonblocking/", 1200, "light")
	eval[bool](tb, `document.querySelector("#lab").scrollIntoView(), true`)
	tb.asked("The server of chapter 8 runs, started on another page.")
	assert.Equal(t, "5", eval[string](tb, `document.querySelector(".labstart").first.value`))
	assert.NotZero(t, eval[int](tb, `document.querySelectorAll(".experiment").length`))
	tb.until(`document.querySelector(".bench:not(.card)").matches(".preview")`)
}
