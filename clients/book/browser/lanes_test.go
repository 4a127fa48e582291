package browser

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// connections counts the EventSources that a page opens from now on, also those of the next page.
const connections = `window.opened = 0;
	window.EventSource = class extends window.EventSource { constructor(address) { super(address); window.opened++; } };`

// countConnections counts those of each page that is opened from now on.
func (t *tab) countConnections() {
	t.Helper()
	_, err := chromedp.Call(t.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: connections})
	require.NoError(t, err)
}

// touch drags a finger from one point to another.
func (t *tab) touch(from, to [2]float64) {
	t.Helper()
	send := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		_, err := chromedp.Call(t.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		require.NoError(t, err)
	}
	send("touchStart", &input.TouchPoint{X: from[0], Y: from[1]})
	for i := range 10 {
		part := float64(i+1) / 10
		send("touchMove", &input.TouchPoint{X: from[0] + (to[0]-from[0])*part, Y: from[1] + (to[1]-from[1])*part})
	}
	send("touchEnd")
}

// TestLanesFirst: before a run, the lab shows a recording of the experiment, faded, and says so; above the
// controls; and no connection is open. What the reader plays takes its place.
func TestLanesFirst(t *testing.T) {
	tb := laboratory(t)
	tb.countConnections()
	for _, page := range []string{"/lab/", "/chapter03-goroutine-per-client/"} {
		for _, width := range []int64{375, 1440} {
			tb.open(page, width, "light")
			eval[bool](tb, `document.querySelector(".bench:not(.card)").scrollIntoView(), true`)
			where := fmt.Sprintf("%s at %d px", page, width)
			lab := `document.querySelector(".bench:not(.card)")`
			tb.until(lab + `.querySelectorAll(".lane").length === 3`)
			assert.Regexp(t, `^“The script of three” as it was recorded, made on \d{4}-\d\d-\d\d on \w+/\w+ with \d+ cores: not a run of yours\.`,
				eval[string](tb, lab+`.querySelector(".labplay .source").textContent`), where)
			assert.Contains(t, eval[string](tb, lab+`.querySelector(".labside h3").textContent`), ", in a recording, ", where)
			assert.Less(t, eval[float64](tb, `Number(getComputedStyle(`+lab+`.querySelector(".lane .work")).opacity)`), .6, where)
			assert.True(t, eval[bool](tb, lab+`.querySelector(".lablanes").getBoundingClientRect().bottom < `+lab+`.querySelector(".labexperiments").getBoundingClientRect().bottom`), where)
			assert.Less(t, eval[float64](tb, lab+`.querySelector(".lablanes").getBoundingClientRect().bottom`), 900., "not on the screen: "+where)
			assert.Equal(t, 0, eval[int](tb, `window.opened`), where)
			assert.Empty(t, eval[string](tb, lab+`.querySelector(".outcome").textContent`), where)
			assert.Equal(t, 0, eval[int](tb, lab+`.querySelectorAll(".labsend option").length`), "nobody to speak through")
			name := "lanes" + strings.ReplaceAll(page, "/", "-")
			tb.clean(name, width, "light")
			tb.clean(name, width, "dark")
		}
	}
	tb.tabTo(`.bench:not(.card) .experiment:nth-child(2) [name=guess]`)
	tb.until(`document.querySelector(".bench:not(.card) .labplay .source").textContent.startsWith("“A client that says nothing”")`)
	tb.open("/lab/", 1200, "light")
	assert.Contains(t, tb.play(3, 1, "2"), "✓ Right. Your guess: 2. The outcome in chapter 3: 2.")
	assert.Equal(t, "1", eval[string](tb, `getComputedStyle(document.querySelector(".lane .work")).opacity`))
	assert.NotContains(t, eval[string](tb, `document.querySelector(".labside h3").textContent`), "recording")
	assert.Contains(t, tb.play(3, 1, "1"), "Not so. Your guess: 1. The outcome in chapter 3: 2.")
	assert.Equal(t, 1, eval[int](tb, `window.opened`))
}

// TestRecordings: each experiment's recording loads, and what was inside with it.
func TestRecordings(t *testing.T) {
	tb := reading(t, "/lab/", 1200)
	missing := `Promise.all(JSON.parse(document.querySelector(".bench").dataset.bench).chapters.flatMap(({ experiments }) => experiments)
		.flatMap((e) => [e, ...(e.nolook ? [] : [{ id: e.id + "-inside", recording: e.inside }])])
		.map((e) => book.recording(e).then(({ events }) => (events.length ? "" : e.id), () => e.id))).then((all) => all.filter(Boolean))`
	assert.Empty(t, eval[[]string](tb, missing))
}

// TestCards: a chapter that asks what an experiment shows has it there, as one card. The guess survives a
// reload; nothing is shown and nothing connected before it is played, and then it is held against what came.
func TestCards(t *testing.T) {
	tb := laboratory(t)
	tb.countConnections()
	for page, test := range map[string]struct {
		guess, outcome string
		lanes          int
	}{
		"/chapter01-sequential/":           {"1", "✓ Right. Your guess: 1. The outcome in chapter 1: 1.", 3},
		"/chapter02-stateful/":             {"3", "✓ Right. Your guess: 3. The outcome in chapter 2: 3.", 1},
		"/chapter03-goroutine-per-client/": {"LongPrime, Echo, SmallPrime", "Not so. Your guess: LongPrime, Echo, SmallPrime. The outcome in chapter 3: Echo, SmallPrime, LongPrime.", 3},
		"/chapter04-worker-pool/":          {"4", "✓ Right. Your guess: 4. The outcome in chapter 4: 4.", 10},
		"/chapter07-async-handler/":        {"client 2, client 1", "✓ Right. Your guess: client 2, client 1. The outcome in chapter 7: client 2, client 1.", 2},
	} {
		tb.open(page, 1440, "light")
		card := `document.querySelector(".predict .card")`
		assert.Equal(t, 1, eval[int](tb, `document.querySelectorAll(".predict .card .experiment").length`), page)
		assert.True(t, eval[bool](tb, card+`.querySelector(".labshow").hidden`), "it would tell what is asked")
		eval[bool](tb, fmt.Sprintf(`%s.querySelector("[name=guess]").value = %q, %[1]s.querySelector("form").requestSubmit(), true`, card, test.guess))
		tb.within(3*patience, card+`.querySelector(".outcome").textContent`)
		assert.Contains(t, eval[string](tb, card+`.querySelector(".outcome").textContent`), test.outcome)
		assert.Equal(t, test.lanes, eval[int](tb, card+`.querySelectorAll(".lane").length`), page)
		assert.Equal(t, 1, eval[int](tb, `window.opened`), page)
		if test.lanes == 1 {
			assert.Equal(t, 11, eval[int](tb, card+`.querySelectorAll(".labtrail tbody tr").length`))
			assert.Equal(t, "2in a number: 12", eval[string](tb, card+`.querySelectorAll(".labtrail tbody tr")[8].textContent`))
		}
		tb.looks("card"+strings.ReplaceAll(page, "/", "-"), ".predict .card")
		tb.open(page, 1440, "light")
		assert.Equal(t, test.guess, eval[string](tb, card+`.querySelector("[name=guess]").value`), "after a reload")
		assert.Equal(t, 0, eval[int](tb, `window.opened`))
	}
	for _, page := range []string{"/chapter06-refactor/", "/chapter08-async-server/"} {
		tb.open(page, 1440, "light")
		assert.Equal(t, 0, eval[int](tb, `document.querySelectorAll(".card").length`), page)
	}
}

// guess makes the guess of a card's experiment, and plays it.
func (t *tab) guess(id, guess string) {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`(() => { const form = document.querySelector('.card [data-id="%s"]'); form.guess.value = %q; form.requestSubmit(); return true; })()`, id, guess))
}

// told returns what a card says of an experiment's outcome, as soon as it says something.
func (t *tab) told(id string) string {
	t.Helper()
	outcome := fmt.Sprintf(`document.querySelector('.card [data-id="%s"] .outcome').textContent`, id)
	t.within(3*patience, outcome)
	return eval[string](t, outcome)
}

// TestFourServers: the card of chapter 9 has the four servers that the chapter asks about. Each guess is held
// against its own recording, and all of them stay side by side.
func TestFourServers(t *testing.T) {
	tb := reading(t, "/chapter09-offload/", 1440)
	assert.Equal(t, []string{"A", "B", "C", "D"}, eval[[]string](tb, `[...document.querySelectorAll(".card .experiment h3")].map((h) => h.textContent[0])`))
	four := []string{"9.2", "9.3", "9.4", "9.5"}
	for i, guess := range []string{"40", "4000", "0.5", "0.5"} {
		tb.guess(four[i], guess)
		tb.until(`document.querySelectorAll(".card .pause").length === 1 && !document.querySelector(".card .labplay").hidden`)
		eval[bool](tb, `(() => { const { at } = document.querySelector(".card .labplay"); at.value = at.max; at.dispatchEvent(new Event("input")); return true; })()`)
		tb.told(four[i])
		assert.Equal(t, four[i], eval[string](tb, `(() => { let at = document.querySelector(".card .labshow"); while (!at.dataset.id) at = at.previousElementSibling; return at.dataset.id; })()`), "the lanes are below it")
	}
	for i, want := range []string{"✓ Right, within a factor of ten. Your guess: 40.", "Not so. Your guess: 4000.", "✓ Right, within a factor of ten. Your guess: 0.5.", "✓ Right, within a factor of ten. Your guess: 0.5."} {
		assert.Regexp(t, "^"+regexp.QuoteMeta(want+" The outcome in chapter 9: ")+`[\d.]+ ms, and the primes are done after [\d.]+ s\. [A-Z]`, tb.told(four[i]))
	}
	assert.Len(t, tb.lanes(), 17)
	tb.looks("four", ".card")
	tb.open("/chapter09-offload/", 1440, "light")
	assert.Equal(t, []string{"40", "4000", "0.5", "0.5"}, eval[[]string](tb, `[...document.querySelectorAll(".card [name=guess]")].map((guess) => guess.value)`), "after a reload")
}

// TestOwnServer: a server with flags is started for its experiment and for no other.
func TestOwnServer(t *testing.T) {
	tb := laboratory(t)
	tb.open("/chapter09-offload/", 1440, "light")
	eval[bool](tb, `(() => { const before = fetch; window.posted = []; window.fetch = (to, what) => { if (to === "/lab/start") posted.push(JSON.parse(what.body).for ?? "none"); return before(to, what); }; return true; })()`)
	for i, test := range [][2]string{{"9.2", "9.2"}, {"9.5", "none"}} {
		id, want := test[0], test[1]
		tb.guess(id, "1")
		tb.until(fmt.Sprintf(`posted.length === %d`, i+1))
		require.Equal(t, want, eval[string](tb, fmt.Sprintf(`posted[%d]`, i)))
		assert.Regexp(t, `^(✓ Right|Not so).* Your guess: 1\. The outcome in chapter 9: [\d.]+ ms, `, tb.told(id))
	}
}

// TestCardAndLab: the lab at the chapter's end shows what its card has played, and the card comes first.
func TestCardAndLab(t *testing.T) {
	tb := laboratory(t)
	tb.open("/chapter01-sequential/", 1200, "light")
	play := `document.querySelector(".card [name=guess]").value = "2", document.querySelector(".card form").requestSubmit(), true`
	eval[bool](tb, play)
	tb.within(patience, `document.querySelector(".card .outcome").textContent.startsWith("Not so.")`)
	eval[bool](tb, `document.querySelector("#lab").scrollIntoView(), true`)
	lanes := `document.querySelectorAll(".bench:not(.card) .lane").length`
	tb.until(lanes + ` === 3 && !document.querySelector(".bench:not(.card)").matches(".preview")`)
	tb.act("idle")
	tb.until(lanes + ` === 4`)
	eval[bool](tb, play) // once more: the servers are this tab's own
	tb.until(lanes + ` === 3`)
	tb.until(`document.querySelector(".card .outcome").textContent.startsWith("Not so.")`)
	assert.True(t, eval[bool](tb, `[...document.querySelectorAll(".labask")].every((ask) => ask.hidden)`))
}

// ends returns where the drawn bars end, in hundredths of LongPrime's time.
func (t *tab) ends() []string {
	t.Helper()
	return eval[[]string](t, `[...document.querySelectorAll(".drawing input")].map((input) => input.value)`)
}

// TestDrawing: the guess of the script is drawn with the mouse, a finger, or the keyboard; the real bars are
// laid over it; and what is drawn survives a reload.
func TestDrawing(t *testing.T) {
	tb := reading(t, "/lab/", 1200)
	guess := `document.querySelector(".experiment [name=guess]").value`
	point := func(n int, at string) [2]float64 {
		box := eval[[]float64](tb, fmt.Sprintf(`(() => { const box = document.querySelectorAll(".drawing input")[%d].getBoundingClientRect();
			return [box.left + 12 + (box.width - 24) * (%s), box.top + box.height / 2]; })()`, n, at))
		return [2]float64{box[0], box[1]}
	}
	tb.scroll(".drawing")
	from, to := point(0, "15 / 150"), point(0, "50 / 150") // to 50
	tb.do(chromedp.MouseEvent("mousePressed", from[0], from[1], chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseMoved", to[0], to[1], chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseReleased", to[0], to[1], chromedp.ButtonLeft))
	assert.Equal(t, []string{"50", "15"}, tb.ends())
	assert.Empty(t, eval[string](tb, guess), "one bar is no order")
	tb.focus(".drawn:last-of-type input")
	for range 19 {
		tb.press(kb.ArrowRight)
	}
	assert.Equal(t, []string{"50", "110"}, tb.ends())
	assert.Equal(t, "Echo, LongPrime, SmallPrime", eval[string](tb, guess))
	require.NoError(t, chromedp.Do(tb.ctx, chromedp.EmulateViewport(375, 900)))
	_, err := chromedp.Call(tb.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	tb.scroll(".drawing")
	tb.touch(point(1, "110 / 150"), point(1, "30 / 150"))
	assert.Equal(t, []string{"50", "30"}, tb.ends())
	assert.Equal(t, "SmallPrime, Echo, LongPrime", eval[string](tb, guess))
	tb.open("/lab/", 1200, "light")
	assert.Equal(t, []string{"50", "30"}, tb.ends(), "after a reload")
	assert.Equal(t, 0, eval[int](tb, `document.querySelectorAll(".drawn .real:not([hidden])").length`))
	tb.play(1, 0, "Echo, SmallPrime, LongPrime")
	real := `[...document.querySelectorAll(".drawn .real")].map((bar) => bar.offsetWidth > 2 ? bar.getBoundingClientRect().right : 0)`
	ends := eval[[]float64](tb, real)
	assert.Less(t, ends[0]-2, ends[1], "chapter 1: Echo after LongPrime")
	assert.LessOrEqual(t, ends[1], ends[2])
	tb.play(3, 0, "Echo, SmallPrime, LongPrime")
	ends = eval[[]float64](tb, real)
	assert.Greater(t, ends[0], ends[1], "chapter 3: Echo before LongPrime")
	tb.looks("drawing", ".drawing")
}
