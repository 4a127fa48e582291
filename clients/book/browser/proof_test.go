package browser

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

// weight is how many bytes a page has loaded, as they are before they are compressed.
const weight = `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation")).reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)`

// TestWeight: a page with its script, its style and the recording that its lab begins with takes less than 300 kB.
func TestWeight(t *testing.T) {
	tb := start(t, book(t))
	for _, page := range []string{"/", "/lab/", "/chapter01-sequential/", "/chapter05-nonblocking/", "/chapter08-async-server/", "/chapter09-offload/"} {
		tb.open(page, 1200, "light")
		if page != "/" {
			eval[bool](tb, `document.querySelector(".bench:not(.card)").scrollIntoView(), true`)
			tb.until(`document.querySelector(".bench:not(.card)").matches(".preview")`)
		}
		bytes := eval[int](tb, weight)
		t.Log(page, bytes)
		assert.Less(t, bytes, 300_000, page)
	}
}

// TestPlayIsQuick measures how long it is from Play to the first lane, with a server that has been built before. It
// says so where QUICK is set: on a busy machine, it proves nothing.
func TestPlayIsQuick(t *testing.T) {
	if os.Getenv("QUICK") == "" {
		t.Skip("QUICK is not set: it measures this machine")
	}
	tb, _ := laboratory(t)
	for range 4 {
		tb.open("/chapter04-worker-pool/", 1200, "light")
		t.Log(eval[float64](tb, `new Promise((done) => {
			const card = document.querySelector(".card"), began = performance.now();
			card.querySelector("[name=guess]").value = "4";
			card.querySelector("form").requestSubmit();
			const look = () => (card.querySelector(".lane") ? done(performance.now() - began) : requestAnimationFrame(look));
			look();
		})`), "ms")
		tb.within(patience, `document.querySelector(".card .outcome").textContent`)
	}
}
