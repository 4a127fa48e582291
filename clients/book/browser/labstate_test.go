package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// act presses the button of an action.
func (t *tab) act(action string) {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`document.querySelector("[data-action=%s]").click(), true`, action))
}

// TestLostReply: chapter 3 ends at a signal, and its clients are owed replies: that doesn't look like a
// reply that has come, or like a client that has hung up.
func TestLostReply(t *testing.T) {
	tb := laboratory(t)
	tb.begin(3, 1)
	tb.act("echo")
	tb.until(`document.querySelectorAll(".lane[data-state=answered]").length === 1`)
	ticks := `[...document.querySelectorAll(".lane .tick")].filter((tick) => tick.getAttribute("d") !== "M0 0").length`
	tb.until(ticks + ` === 1`)
	tb.act("primes")
	tb.until(`document.querySelectorAll(".lane[data-state='waits for the reply']").length === 8`)
	tb.act("term")
	tb.until(`document.querySelectorAll(".lane circle.bad[r='4']").length === 8`)
	assert.Equal(t, 2, eval[int](tb, `document.querySelectorAll(".lane circle.left[r='4']").length`))
	assert.Equal(t, 1, eval[int](tb, ticks))
	assert.Equal(t, 8, strings.Count(strings.Join(tb.lanes(), "\n"), "and owes a reply"))
	for _, mark := range []string{"wait", "work", "tick", "left", "bad"} {
		assert.Equal(t, 1, eval[int](tb, fmt.Sprintf(`document.querySelectorAll(".labshow > .legend .key .%s").length`, mark)), mark)
	}
}

// TestMany: more clients than names have room for keep their names in groups, primes and echoes apart.
func TestMany(t *testing.T) {
	tb := laboratory(t)
	tb.begin(3, 0)
	tb.act("primes")
	tb.until(`document.querySelectorAll(".lane").length === 8`)
	for n := range 6 {
		tb.act("echo")
		tb.until(fmt.Sprintf(`document.querySelectorAll(".lane").length === %d`, n+9))
	}
	names := `[...document.querySelectorAll(".lane text")].map((text) => text.textContent).filter(Boolean)`
	tb.until(names + `.length === 2`)
	assert.Equal(t, []string{"prime 1–8", "echo ×6"}, eval[[]string](tb, names))
	assert.True(t, eval[bool](tb, `(() => { const tops = [...document.querySelectorAll(".lane .back")].map((back) => Number(back.getAttribute("y")));
		return tops[8] - tops[7] > tops[7] - tops[6]; })()`), "apart")
}

// TestRest: when an experiment is over, its picture stays as it is, and can be gone through again.
func TestRest(t *testing.T) {
	tb := laboratory(t)
	tb.play(3, 0, "Echo, SmallPrime, LongPrime")
	bars := `JSON.stringify([...document.querySelectorAll(".lane .work")].map((bar) => [bar.getAttribute("x"), bar.getAttribute("width")]))`
	tb.until(`!document.querySelector(".labplay").hidden`)
	before := eval[string](tb, bars)
	eval[bool](tb, `new Promise((done) => setTimeout(() => done(true), 1500))`) // while time goes on elsewhere
	assert.Equal(t, before, eval[string](tb, bars))
	tb.focus(`.labplay [name="at"]`)
	tb.press(kb.Home)
	tb.until(`document.querySelectorAll(".lane").length < 3`)
	tb.press(kb.End)
	tb.until(`document.querySelectorAll(".lane").length === 3`)
	assert.Equal(t, before, eval[string](tb, bars))
	tb.act("idle") // and life goes on
	tb.until(`document.querySelectorAll(".lane[data-state=idle]").length === 1`)
	assert.True(t, eval[bool](tb, `document.querySelector(".labplay").hidden`))
}

// TestGone: when the book has closed, the page says so, and nothing goes on as if it hadn't.
func TestGone(t *testing.T) {
	tb := laboratory(t)
	tb.begin(3, 1)
	tb.act("primes")
	tb.until(`document.querySelectorAll(".lane[data-state='waits for the reply']").length === 8`)
	tb.closes()
	tb.until(`document.querySelector(".labword").textContent.startsWith("The book has closed, or the connection to it is gone.")`)
	picture := `document.querySelector(".lablanes").innerHTML` // when the bars grow, the axis does, too
	before := eval[string](tb, picture)
	eval[bool](tb, `new Promise((done) => setTimeout(() => done(true), 1500))`)
	assert.Equal(t, before, eval[string](tb, picture), "the bars grow")
	require.NotEmpty(t, tb.wrong(), "the browser's word of it")
}

// TestBuilding: while a server is built, the page says so, and no button does anything.
func TestBuilding(t *testing.T) {
	tb := laboratory(t)
	tb.until(`document.querySelector("[data-action]")`)
	seen := `(() => { const seen = window.seen = [];
		const look = () => {
			const title = document.querySelector(".labside h3")?.textContent ?? "";
			if (title.includes("is being built")) seen.push([title, document.querySelector(".labword").textContent, document.querySelectorAll(".labactions button:not([aria-disabled])").length]);
			if (!title.includes("listens") || title.includes("in a recording")) requestAnimationFrame(look);
		};
		look();
		return true; })()`
	eval[bool](tb, seen)
	tb.begin(9, 0)
	tb.until(`document.querySelectorAll(".labactions [aria-disabled]").length === 0`)
	assert.Equal(t, "", eval[string](tb, `document.querySelector(".labword").textContent`))
	assert.NotEmpty(t, eval[string](tb, `String(window.seen.length || "")`))
	assert.Regexp(t, `^Chapter 9 is being built: \d+ s$`, eval[string](tb, `window.seen.at(-1)[0]`))
	assert.Equal(t, "The server is being built.", eval[string](tb, `window.seen.at(-1)[1]`))
	assert.Equal(t, 0, eval[int](tb, `window.seen.at(-1)[2]`))
}
