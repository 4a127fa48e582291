package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// TestBar: the bar's parts are beside each other in a window of any width.
func TestBar(t *testing.T) {
	tb := start(t, book(t))
	tb.open(chapter, 320, "light")
	for width := int64(320); width <= 2000; width += 20 {
		tb.do(chromedp.EmulateViewport(width, 900))
		tb.until(fmt.Sprintf(`innerWidth === %d`, width))
		assert.True(t, eval[bool](tb, apart), "the bar's parts lie on each other in a window of %d px", width)
		assert.Empty(t, eval[[]string](tb, outside), "%d px", width)
		assert.LessOrEqual(t, eval[int64](tb, `document.documentElement.scrollWidth`), width)
	}
	assert.Empty(t, tb.wrong())
}
