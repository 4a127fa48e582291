package browser

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/internal/testserver"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// begin starts a server of a chapter with that many idle clients, and returns its address.
func (t *tab) begin(chapter, clients int) string {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`document.querySelector(".labstart").first.value = "%d", document.querySelector(".labstart").requestSubmit(), true`, chapter))
	title := `document.querySelector(".labside h3").textContent`
	t.until(fmt.Sprintf(`document.querySelector(".labside") && %s.startsWith("Chapter %d listens on")`, title, chapter))
	for range clients {
		t.act("idle")
	}
	t.until(fmt.Sprintf(`document.querySelectorAll(".lane[data-state=idle]").length === %d`, clients))
	words := strings.Fields(eval[string](t, title))
	return words[len(words)-1]
}

// TestReloadInTheLab: who comes back sees what he saw.
func TestReloadInTheLab(t *testing.T) {
	tb := laboratory(t)
	tb.begin(3, 3)
	before := tb.lanes()
	tb.open("/lab/", 1200, "light")
	tb.until(`document.querySelectorAll(".lane").length === 3 && !document.querySelector(".bench").matches(".preview")`)
	assert.Equal(t, before, tb.lanes())
	assert.Equal(t, "3", eval[string](tb, `document.querySelector(".labstart").first.value`))
}

// TestTwoTabs: both show the same servers, which end some seconds after both are closed.
func TestTwoTabs(t *testing.T) {
	one := laboratory(t)
	two := start(t, one.address)
	two.open(one.link("/lab/"), 800, "dark")
	addr := one.begin(3, 2)
	two.open("/lab/", 800, "dark")
	two.show("The server of chapter 3 runs, started on another page.")
	two.until(`document.querySelectorAll(".lane[data-state=idle]").length === 2`)
	two.act("echo")
	one.until(`document.querySelectorAll(".lane[data-state=answered]").length === 1`)
	one.open("/", 1200, "light")
	require.True(t, testserver.Listens(addr))
	two.open("/", 1200, "light")
	require.Eventually(t, func() bool { return !testserver.Listens(addr) }, 2*patience, 100*time.Millisecond)
}

// tabTo presses Tab until an element has the focus.
func (t *tab) tabTo(selector string) {
	t.Helper()
	focused := fmt.Sprintf(`document.activeElement.matches(%q)`, selector)
	for range 80 {
		if eval[bool](t, focused) {
			return
		}
		t.press(kb.Tab)
	}
	require.FailNow(t, "Tab never gets there", selector)
}

// TestKeyboardInTheLab starts a server, lets clients come, speaks through one, looks at its lane
// and stops the server without a mouse.
func TestKeyboardInTheLab(t *testing.T) {
	tb := laboratory(t)
	tb.tabTo(`.labstart select[name="first"]`)
	tb.press("3")
	tb.tabTo(`.labstart [type="submit"]`)
	tb.press(kb.Enter)
	tb.until(`document.querySelector(".labside h3")?.textContent.startsWith("Chapter 3 listens on")`)
	tb.press("i")
	tb.until(`document.querySelectorAll(".lane[data-state=idle]").length === 1`)
	tb.tabTo(`.labsend input`)
	eval[bool](tb, `document.querySelector(".labsend input").select(), true`)
	tb.press("^hal$" + kb.Enter)
	tb.until(`document.querySelectorAll(".lane[data-state=answered]").length === 1`)
	tb.tabTo(`.lablanes`)
	tb.press(kb.ArrowDown)
	tb.until(`document.querySelector(".labdetail").textContent.includes("gets ibm")`)
	tb.tabTo(`.labtable summary`)
	tb.press(kb.Enter)
	tb.until(`document.querySelector(".labtable tbody td:nth-child(5)")?.textContent === "ibm"`)
	eval[bool](tb, `document.activeElement.blur(), scrollTo(0, 0), true`)
	tb.tabTo(`.labstart .stop`)
	tb.press(kb.Enter)
	tb.until(`document.querySelector(".labside h3").textContent === "Chapter 3 has been stopped"`)
}

// TestLabAtWork looks at the lab while servers are at work: nothing wider than the window, and
// nothing serious that axe finds.
func TestLabAtWork(t *testing.T) {
	tb := laboratory(t)
	tb.begin(4, 4)
	tb.looks("work", ".labsides")
}

// TestLockedInTheLab: a page that was not opened by the link is told why nothing works.
func TestLockedInTheLab(t *testing.T) {
	one := laboratory(t)
	tb := start(t, one.address)
	tb.open("/lab/", 1200, "light")
	tb.until(`document.querySelector(".labword").textContent.startsWith("The lab is locked")`)
	tb.wrong() // the browser's word of the refusal
}

// recorded opens the exported lab from a disk.
func recorded(t *testing.T, width int64) *tab {
	chromium(t)
	tb := start(t, "file://"+filepath.ToSlash(exported(t, "/", site.RecordedLab)))
	tb.open("/lab/index.html", width, "light")
	return tb
}

// TestRecordedLab plays a recording, goes back in it, and lets it go on.
func TestRecordedLab(t *testing.T) {
	tb := recorded(t, 800)
	assert.Contains(t, tb.play(2, 1, "1"), "Your guess: 1. The outcome in chapter 2: 0.")
	assert.Len(t, tb.lanes(), 3)
	seek := `(() => { const { at } = document.querySelector(".labplay"); at.value = %s; at.dispatchEvent(new Event("input")); return true; })()`
	eval[bool](tb, fmt.Sprintf(seek, `"0"`))
	assert.Less(t, len(tb.lanes()), 3)
	assert.Regexp(t, `^A recording of chapter 2, made on \d{4}-\d\d-\d\d on \w+/\w+ with \d+ cores\.$`, eval[string](tb, `document.querySelector(".labplay .source").textContent`))
	tb.focus(".labplay .pause")
	tb.press(kb.Enter)
	at := `document.querySelector(".labplay").at.value`
	tb.until(at + ` > 0`)
	tb.press(kb.Enter)
	stopped := eval[string](tb, at)
	eval[bool](tb, fmt.Sprintf(seek, `at.max`))
	assert.Len(t, tb.lanes(), 3)
	assert.NotEqual(t, stopped, eval[string](tb, at))
	assert.Equal(t, 0, eval[int](tb, `[...document.querySelectorAll(".labactions, .labsend")].filter((e) => e.offsetWidth > 0).length`))
}
