package export

import (
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"

	"example.com/concurrent-network-server/clients/book/site"
)

// small returns what is written of a page. Scripts are made smaller, for a host that doesn't compress. A page's
// HTML stays as it is: in a step, the space between tags is code.
func small(page *site.Page) ([]byte, error) {
	if !strings.HasPrefix(page.Type, "text/javascript") {
		return page.Body, nil
	}
	m := minify.New()
	m.AddFunc("text/javascript", js.Minify)
	return m.Bytes(page.Type, page.Body)
}
