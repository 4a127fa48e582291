package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/beside"
	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/lab"
	"example.com/concurrent-network-server/clients/book/serve"
	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// laboratory serves the book with its lab, and opens it in a browser.
func laboratory(t *testing.T) *tab {
	tb := live(t, nil)
	tb.open(tb.link("/lab/"), 1200, "light")
	return tb
}

// live serves the book with its lab, and with a desk if there is one, to a browser.
func live(t *testing.T, d *desk.Desk) *tab {
	chromium(t)
	fsys, list := booktest.Open(t)
	servers := lab.New(list)
	door := lab.NewHandler(servers)
	handler := http.Handler(door)
	if d != nil {
		writing := beside.New(d)
		t.Cleanup(writing.Close)
		handler = door.Share("/desk/", writing)
	}
	server := httptest.NewServer(serve.Handler(serve.Fresh(fsys, site.Options{Base: "/", Lab: site.LiveLab, Desk: d}), handler))
	t.Cleanup(server.Close)
	t.Cleanup(servers.Close)
	tb := start(t, server.URL)
	tb.link = door.Link
	tb.closes = func() {
		server.CloseClientConnections()
		server.Listener.Close()
	}
	return tb
}

// play chooses a chapter, makes a guess, plays its n-th experiment, and returns what the page
// says of the outcome.
func (t *tab) play(chapter, n int, guess string) string {
	t.Helper()
	form := fmt.Sprintf(`document.querySelectorAll(".experiment")[%d]`, n)
	t.until(`document.querySelector(".experiment")`) // a chapter's lab wakes when it is seen
	eval[bool](t, fmt.Sprintf(`(() => {
		const first = document.querySelector(".labstart").first;
		first.value = "%d";
		first.dispatchEvent(new Event("change"));
		%s.guess.value = %q;
		%s.requestSubmit();
		return true;
	})()`, chapter, form, guess, form))
	outcome := form + `.querySelector(".outcome").textContent`
	t.within(3*patience, outcome) // an experiment may take half a minute by itself
	return eval[string](t, outcome)
}

// lanes returns what the page says of each client: its name and its state.
func (t *tab) lanes() []string {
	t.Helper()
	return eval[[]string](t, `[...document.querySelectorAll(".lane")].map((lane) => lane.getAttribute("aria-label"))`)
}

// where evaluates an expression of the right ends of two clients' bars.
func (t *tab) where(first, second, expression string) bool {
	t.Helper()
	return eval[bool](t, fmt.Sprintf(`(() => {
		const end = (name) => [...document.querySelectorAll(".lane")].filter((lane) => lane.getAttribute("aria-label").startsWith(name + ":"))
			.map((lane) => lane.querySelector(".work")).map((bar) => Number(bar.getAttribute("x")) + Number(bar.getAttribute("width")))[0];
		const first = end(%q), second = end(%q);
		return %s;
	})()`, first, second, expression))
}

// TestScriptInTheLab plays the script to each chapter: the page shows the golden order.
func TestScriptInTheLab(t *testing.T) {
	tb := laboratory(t)
	_, list := booktest.Open(t)
	for _, c := range list {
		golden, err := os.ReadFile(filepath.Join(c.Dir, "testdata", "three_requests.golden"))
		require.NoError(t, err)
		var names []string
		for line := range strings.Lines(string(golden)) {
			name, _, _ := strings.Cut(line, ":")
			names = append(names, name)
		}
		outcome := tb.play(c.Number, 0, "Echo, SmallPrime, LongPrime")
		assert.Contains(t, outcome, fmt.Sprintf("Your guess: Echo, SmallPrime, LongPrime. The outcome in chapter %d: %s.",
			c.Number, strings.Join(names, ", ")))
		assert.True(t, tb.where(names[0], names[2], `first <= second`), c.Name)
	}
}

// TestSymptomsInTheLab: the page shows who is stuck, and who is not.
func TestSymptomsInTheLab(t *testing.T) {
	tb := laboratory(t)
	idle, waits, answered := ": idle", ": waits for *", ": answered"
	for _, test := range []struct {
		chapter, n int
		outcome    string
		lanes      []string // the ends of what the page says
	}{
		{1, 1, "chapter 1: 0.", []string{idle, waits, waits}},
		{2, 1, "chapter 2: 0.", []string{idle, waits, waits}},
		{3, 1, "chapter 3: 2.", []string{idle, answered, answered}},
		{4, 1, "chapter 4: 0.", []string{idle, idle, idle, idle, waits, waits}},
	} {
		assert.Contains(t, tb.play(test.chapter, test.n, "7"), "Your guess: 7. The outcome in "+test.outcome)
		lanes := tb.lanes()
		require.Len(t, lanes, len(test.lanes), lanes)
		for i, want := range test.lanes {
			assert.True(t, strings.HasSuffix(lanes[i], want), "%s: not %s", lanes[i], want)
		}
	}
	assert.Contains(t, tb.play(3, 2, "7"), "The outcome in chapter 3: 10.")
	assert.Equal(t, 10, strings.Count(strings.Join(tb.lanes(), "\n"), idle))
	assert.Equal(t, 10, strings.Count(strings.Join(tb.lanes(), "\n"), waits))
	for chapter, expression := range map[int]string{5: `second >= first - 1`, 6: `second >= first - 1`, 7: `second >= first - 1`, 8: `first > second`} {
		assert.Regexp(t, `The outcome in chapter \d: \d+ ms\.`, tb.play(chapter, 1, "7"))
		prime := map[bool]string{true: "prime 8", false: "prime"}[chapter == 8]
		assert.True(t, tb.where(prime, "echo", expression), "chapter %d", chapter)
	}
}

// TestDrainInTheLab: chapter 8 is told to end, and answers what it was asked.
func TestDrainInTheLab(t *testing.T) {
	tb := laboratory(t)
	assert.Contains(t, tb.play(8, 2, "1"), "Your guess: 1. The outcome in chapter 8: 2.")
	tb.until(`document.querySelector(".labside h3").textContent === "Chapter 8 has ended: exit status 0"`)
	assert.Equal(t, []string{"prime 1: the server has hung up", "prime 2: the server has hung up"}, tb.lanes())
}

// compare starts the servers of two chapters.
func (t *tab) compare(first, second int) {
	t.Helper()
	eval[bool](t, fmt.Sprintf(`(() => {
		const form = document.querySelector(".labstart");
		form.first.value = "%d";
		form.second.value = "%d";
		form.requestSubmit();
		return true;
	})()`, first, second))
	t.until(`[...document.querySelectorAll(".labside h3")].filter((h) => h.textContent.includes("listens on 127.0.0.1")).length === 2`)
}

// TestCompareInTheLab: beside eight primes, echoes are quicker in chapter 9 than in chapter 8,
// whose threads all have the same priority.
func TestCompareInTheLab(t *testing.T) {
	tb := laboratory(t)
	tb.compare(8, 9)
	tb.act("primes")
	tb.until(`document.querySelectorAll(".lane").length === 16`)
	tb.act("echoes")
	p50 := `[...document.querySelectorAll(".labfigures")].map((list) => list.textContent.match(/p50 ([\d.]+) (ms|s), p99 .*\((\d+) in 10 s\)/))`
	tb.until(p50 + `.every((found) => found && found[3] > 600)`)
	ms := eval[[]float64](tb, p50+`.map(([, value, unit]) => value * (unit === "s" ? 1000 : 1))`)
	assert.Greater(t, ms[0], ms[1], "the median in chapter 8, and in chapter 9")
}

// TestShot makes the picture of the README, where SHOT names the file.
func TestShot(t *testing.T) {
	name := os.Getenv("SHOT")
	if name == "" {
		t.Skip("SHOT is not set: it names the picture to be made")
	}
	tb := laboratory(t)
	tb.do(chromedp.EmulateViewport(1200, 760, chromedp.EmulateScale(.8)))
	tb.compare(1, 3)
	tb.act("script")
	tb.until(`document.querySelectorAll(".lane[data-state='has hung up']").length === 6`)
	eval[bool](tb, `document.querySelector(".labword").scrollIntoView(), scrollBy(0, -70), true`)
	png, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, png, 0o644))
}
