package browser

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/lab"
	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/serve"
	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// laboratory serves the book with its lab, and returns its address and the reader's link.
func laboratory(t *testing.T) (address, link string) {
	chromium(t)
	list, root, err := chapters.Find()
	require.NoError(t, err)
	fsys, err := repo.Open(root)
	require.NoError(t, err)
	servers := lab.New(list)
	door := lab.NewDoor(servers)
	server := httptest.NewServer(serve.Handler(serve.Fresh(fsys, site.Options{Base: "/", Lab: site.LiveLab}), door))
	t.Cleanup(server.Close)
	t.Cleanup(servers.Close)
	return server.URL, door.Link("/lab/")
}

// play chooses a chapter, makes a guess, plays its n-th experiment, and returns what the page
// says of the outcome.
func (t *tab) play(chapter, n, guess string) string {
	t.Helper()
	t.until(`document.querySelectorAll(".experiment").length > ` + n) // a chapter's lab wakes when it is seen
	eval[bool](t, `(() => {
		const first = document.querySelector(".labstart").first;
		first.value = "`+chapter+`";
		first.dispatchEvent(new Event("change"));
		const form = document.querySelectorAll(".experiment")[`+n+`];
		form.guess.value = "`+guess+`";
		form.requestSubmit();
		return true;
	})()`)
	outcome := `document.querySelectorAll(".experiment")[` + n + `].querySelector(".outcome").textContent`
	t.until(outcome)
	return eval[string](t, outcome)
}

// TestScriptInTheLab plays the script to each chapter: the page shows the golden order.
func TestScriptInTheLab(t *testing.T) {
	address, link := laboratory(t)
	tb := start(t, address)
	tb.open(link, 1200, "light")
	list, root, err := chapters.Find()
	require.NoError(t, err)
	for _, c := range list {
		golden, err := os.ReadFile(filepath.Join(root, filepath.Base(c.Dir), "testdata", "three_requests.golden"))
		require.NoError(t, err)
		var names []string
		for line := range strings.Lines(string(golden)) {
			name, _, _ := strings.Cut(line, ":")
			names = append(names, name)
		}
		order := strings.Join(names, ", ")
		outcome := tb.play(string('0'+rune(c.Number)), "0", "Echo, SmallPrime, LongPrime")
		assert.Contains(t, outcome, "Your guess: Echo, SmallPrime, LongPrime. The outcome in chapter")
		assert.Contains(t, outcome, ": "+order+".", c.Name)
	}
	assert.Empty(t, tb.wrong())
}

func (t *tab) shot(name string) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(t.ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

func TestShots(t *testing.T) {
	address, link := laboratory(t)
	tb := start(t, address)
	tb.open(link, 1200, "light")
	tb.shot("empty")
	t.Log(tb.play("4", "1", "2"))
	tb.shot("four")
	t.Log(tb.play("5", "1", "200"))
	tb.open("/lab/", 360, "dark")
	tb.until(`document.querySelectorAll(".lane").length === 2`)
	tb.shot("narrow")
	tb.open("/chapter03-goroutine-per-client/", 1440, "light")
	eval[bool](tb, `document.querySelector("#lab").scrollIntoView(), true`)
	t.Log(tb.play("3", "2", "10"))
	tb.shot("chapter")
	t.Log(tb.wrong())
}
