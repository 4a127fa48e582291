// Package browser looks at the book in a real browser. It has tests and nothing else.
//
// They run where BOOK_BROWSER names a Chromium, or is 1 for the one in PATH, and AXE names
// the file axe.min.js of axe-core. Without BOOK_BROWSER they are skipped, as they take a
// minute; with it, a browser or a file that is not there is a failure.
package browser

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/serve"
	"example.com/concurrent-network-server/clients/book/site"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience bounds what a browser may take for one step on a busy machine.
const patience = 30 * time.Second

// chromium says which browser it is, or skips the test. Which one is in PATH, chromedp knows.
func chromium(t *testing.T) (options []chromedp.ExecAllocatorOption) {
	name := os.Getenv("BOOK_BROWSER")
	switch name {
	case "":
		t.Skip("BOOK_BROWSER is not set: .ci/run looks at the book in a browser")
	case "1":
		return nil
	}
	return []chromedp.ExecAllocatorOption{chromedp.ExecPath(name)}
}

// book serves the workbook and returns its address. Without a browser there is no need to. Its
// lab is one of recordings, which there are none of: laboratory has the other.
func book(t *testing.T) string {
	chromium(t)
	fsys, _ := booktest.Open(t)
	server := httptest.NewServer(serve.Handler(serve.Fresh(fsys, site.Options{Base: "/", Lab: site.RecordedLab}), nil))
	t.Cleanup(server.Close)
	return server.URL
}

// A tab is a page in the browser, and what has gone wrong in it.
type tab struct {
	*testing.T
	ctx     context.Context
	address string
	link    func(page string) string // lets the reader into the lab, where there is one
	closes  func()                   // closes that book

	mu       sync.Mutex
	problems []string
	judged   bool // by the test
}

// start starts a browser and opens a tab.
func start(t *testing.T, address string) *tab {
	options := append(chromium(t), chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", false))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], options...)...)
	t.Cleanup(stop)
	return (&tab{T: t, ctx: allocator, address: address}).another()
}

// another opens another tab in the same browser. The test fails if anything goes wrong in it.
func (t *tab) another() *tab {
	ctx, cancel := chromedp.NewContext(t.ctx)
	t.Cleanup(cancel)
	tb := &tab{T: t.T, ctx: ctx, address: t.address}
	require.NoError(t, chromedp.Listen(ctx, tb.observe))
	t.Cleanup(func() {
		if !tb.judged {
			assert.Empty(t, tb.wrong())
		}
	})
	return tb
}

// reading opens the book at a page, in a window of that width.
func reading(t *testing.T, page string, width int64) *tab {
	tb := start(t, book(t))
	tb.open(page, width, "light")
	return tb
}

// observe takes note of errors: in the console, of scripts, and of requests.
func (t *tab) observe(event any) {
	problem := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		problem = fmt.Sprint("console: ", e.Type)
	case *log.EventEntryAdded:
		problem = fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *network.EventLoadingFailed:
		if !e.Canceled { // by going to another page
			problem = "request: " + e.ErrorText
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			problem = fmt.Sprint(e.Response.Status, " ", e.Response.URL)
		}
	}
	if problem != "" {
		t.mu.Lock()
		t.problems = append(t.problems, problem)
		t.mu.Unlock()
	}
}

// wrong returns what has gone wrong since the last call. A test that asks judges the rest by itself, too.
func (t *tab) wrong() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.judged = true
	problems := t.problems
	t.problems = nil
	return problems
}

func (t *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	require.NoError(t, chromedp.Do(ctx, actions...))
}

// open goes to a page of the book, in a window of that width, in light or dark.
func (t *tab) open(page string, width int64, theme string) {
	t.Helper()
	t.media(theme, "")
	t.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(t.address+page))
}

func (t *tab) media(theme, media string) {
	t.Helper()
	_, err := chromedp.Call(t.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	require.NoError(t, err)
}

// eval returns the value of an expression in the page.
func eval[T any](t *tab, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err, expression)
	return value
}

// until waits for an expression to be true. It asks again and again, since a promise would
// be lost with the page when the browser goes to another.
func (t *tab) until(expression string) {
	t.Helper()
	t.within(patience, expression)
}

// within is until for what may take longer.
func (t *tab) within(long time.Duration, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, long)
	defer cancel()
	for {
		done, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if done {
			return
		}
		select {
		case <-ctx.Done():
			require.FailNow(t, "it never is: "+expression, "the last error: %v, problems: %v", err, t.wrong())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// focus puts the focus on an element, and press presses keys there.
func (t *tab) focus(selector string) {
	t.Helper()
	require.True(t, eval[bool](t, fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		element.scrollIntoView({block: "center"});
		element.focus();
		return document.activeElement === element;
	})()`, selector)), "%s takes no focus", selector)
}

func (t *tab) press(keys string) {
	t.Helper()
	t.do(chromedp.KeyEvent(keys))
}
