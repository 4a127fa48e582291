package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/export"
	"example.com/concurrent-network-server/clients/book/site"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPrint: on paper the folds are open, and the colours are those for paper.
func TestPrint(t *testing.T) {
	tb := start(t, book(t))
	tb.open(chapter, 1440, "dark")
	folded := eval[int](tb, `document.querySelectorAll(".prose details:not([open])").length`)
	assert.NotZero(t, folded)
	eval[bool](tb, `addEventListener("beforeprint", () => { window.folded = document.querySelectorAll(".prose details:not([open])").length; }); true`)
	pdf, err := chromedp.Run(tb.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	require.NoError(t, err)
	assert.Greater(t, len(pdf), 10_000)
	assert.Equal(t, 0, eval[int](tb, `window.folded`))
	tb.until(fmt.Sprintf(`document.querySelectorAll(".prose details:not([open])").length === %d`, folded))
	tb.media("dark", "print")
	assert.Equal(t, "rgb(35, 33, 29)", eval[string](tb, `getComputedStyle(document.documentElement).color`))
	assert.Equal(t, "none", eval[string](tb, `getComputedStyle(document.querySelector(".bar")).display`))
}

// script lets the next pages have their script, or not.
func (t *tab) script(on bool) {
	t.Helper()
	_, err := chromedp.Call(t.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	require.NoError(t, err)
}

// TestWithoutScript: everything can be read, and what needs the script is not there.
func TestWithoutScript(t *testing.T) {
	tb := start(t, book(t))
	tb.script(false)
	tb.open(chapter, 800, "light")
	assert.Equal(t, "hidden", eval[string](tb, `getComputedStyle(document.querySelector(".find")).visibility`))
	assert.Equal(t, "hidden", eval[string](tb, `getComputedStyle(document.querySelector(".copy")).visibility`))
	tb.do(chromedp.Click(chromedp.CSS(".term")))
	assert.Equal(t, 1, eval[int](tb, `document.querySelectorAll(".gloss:popover-open").length`))
}

// exported writes the site for a host that serves it at base, and returns the folder of the host.
func exported(t *testing.T, base string, lab site.Lab) string {
	fsys, _ := booktest.Open(t)
	pages, err := site.Load(fsys, site.Options{Files: true, Base: base, Lab: lab})
	require.NoError(t, err)
	dir := t.TempDir()
	_, _, err = export.Write(pages, filepath.Join(dir, filepath.FromSlash(base)))
	require.NoError(t, err)
	return dir
}

// TestExport opens the exported site from a disk, and from a path of a host.
func TestExport(t *testing.T) {
	chromium(t)
	dir := exported(t, "/deep/path/", site.NoLab)
	host := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer host.Close()
	for name, address := range map[string]string{"disk": "file://" + filepath.ToSlash(dir), "host": host.URL} {
		t.Run(name, func(t *testing.T) {
			tb := start(t, address+"/deep/path")
			tb.open(chapter+"index.html", 800, "light")
			tb.press(kb.ArrowRight)
			tb.until(`location.pathname.includes("/deep/path/chapter04-worker-pool/") && document.readyState === "complete"`)
			search(tb)
		})
	}
}
