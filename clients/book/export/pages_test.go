package export

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// TestLinks follows every link of every page, and looks for the place on the page to which
// it leads.
func TestLinks(t *testing.T) {
	files := all(t)
	pages(t, func(t *testing.T, f *file) {
		for _, n := range f.find(func(*html.Node) bool { return true }) {
			for _, key := range []string{"href", "src", "data-index"} {
				if has(n, key) {
					assert.Empty(t, problem(files, f, attr(n, key)), attr(n, key))
				}
			}
		}
	})
	found := regexp.MustCompile(`\bp:"([^"]+)"`).FindAllStringSubmatch(files["search.js"].text, -1)
	assert.Greater(t, len(found), 500)
	page := ""
	for _, target := range found {
		if !strings.HasPrefix(target[1], "#") {
			page = ""
		}
		assert.Empty(t, problem(files, files["index.html"], page+target[1]), target[1])
		page, _, _ = strings.Cut(page+target[1], "#")
	}
}

// problem says what is wrong with a link, if anything is.
func problem(files map[string]*file, from *file, link string) string {
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return err.Error()
	case u.Scheme == "https" || u.Scheme == "http":
		return ""
	case u.Scheme != "" || u.Host != "":
		return "it is no link to a page"
	}
	name := path.Join(path.Dir(from.name), u.Path)
	if from.name == "404.html" {
		name = strings.TrimPrefix(u.Path, "/base/")
	} else if strings.HasPrefix(u.Path, "/") || strings.HasSuffix(u.Path, "/") {
		return "it does not work from a disk"
	}
	if u.Path == "" {
		name = from.name
	}
	to, ok := files[name]
	if !ok {
		return "there is no page " + name
	}
	if u.Fragment != "" && len(to.find(func(n *html.Node) bool { return attr(n, "id") == u.Fragment })) != 1 {
		return "there is no place #" + u.Fragment
	}
	return ""
}

func TestProblem(t *testing.T) {
	root, err := html.Parse(strings.NewReader(`<p id="a">`))
	require.NoError(t, err)
	from := &file{"b/index.html", "", root}
	files := map[string]*file{"b/index.html": from, "c.html": from}
	for _, link := range []string{"#a", "../c.html", "../c.html#a", "index.html", "https://go.dev/#x"} {
		assert.Empty(t, problem(files, from, link), link)
	}
	for _, link := range []string{"#b", "../d.html", "../c.html#b", "/c.html", "../b/", "//host/c.html", "javascript:x"} {
		assert.NotEmpty(t, problem(files, from, link), link)
	}
}

// TestWellFormed compares the tags of each page with those of the tree that a browser
// makes of it: it may not have had to add, move or close anything.
func TestWellFormed(t *testing.T) {
	pages(t, func(t *testing.T, f *file) {
		var again strings.Builder
		require.NoError(t, html.Render(&again, f.root))
		want, got := tags(f.text), tags(again.String())
		for i := range min(len(want), len(got)) {
			if want[i] != got[i] {
				t.Fatalf("after %v: %s, but a browser makes %s of it", want[max(0, i-5):i], want[i], got[i])
			}
		}
		assert.Len(t, got, len(want))
		ids := map[string]bool{}
		for _, n := range f.find(func(n *html.Node) bool { return has(n, "id") }) {
			assert.False(t, ids[attr(n, "id")], "two elements have the name %s", attr(n, "id"))
			ids[attr(n, "id")] = true
		}
		for _, n := range f.find(func(*html.Node) bool { return true }) {
			for _, key := range []string{"aria-labelledby", "aria-describedby", "for", "popovertarget", "aria-controls"} {
				for _, id := range strings.Fields(attr(n, key)) {
					assert.True(t, ids[id], "%s=%s refers to nothing", key, id)
				}
			}
		}
	})
}

// tags returns the names of the tags of a page in their order, the end tags with a slash.
func tags(text string) []string {
	var list []string
	void := []string{"meta", "link", "input", "img", "br", "hr"}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return list
		case html.StartTagToken:
			name, _ := z.TagName()
			list = append(list, string(name))
			if slices.Contains(void, string(name)) {
				list = append(list, "/"+string(name))
			}
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			list = append(list, string(name), "/"+string(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			list = append(list, "/"+string(name))
		}
	}
}

// TestHeadings: one title, and no level is left out.
func TestHeadings(t *testing.T) {
	pages(t, func(t *testing.T, f *file) {
		last, titles := 0, 0
		for _, n := range f.find(func(n *html.Node) bool { return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] <= '6' }) {
			level := int(n.Data[1] - '0')
			assert.LessOrEqual(t, level, last+1, "%s: %s", n.Data, text(n))
			assert.NotEmpty(t, strings.TrimSpace(text(n)))
			last = level
			if level == 1 {
				titles++
			}
		}
		assert.Equal(t, 1, titles)
	})
}

// TestPictures: each says what it shows.
func TestPictures(t *testing.T) {
	pages(t, func(t *testing.T, f *file) {
		for _, n := range f.find(func(n *html.Node) bool { return n.Data == "img" }) {
			assert.True(t, has(n, "alt") && has(n, "width") && has(n, "height"), attr(n, "src"))
		}
		for _, n := range f.find(func(n *html.Node) bool { return n.Data == "svg" }) {
			if attr(n, "aria-label") == "" {
				assert.NotEmpty(t, attr(n, "aria-labelledby"))
				assert.Regexp(t, `\w+ \w+`, text(n))
			}
		}
	})
}

// TestShapes: the page's stylesheet knows each class of the shapes in the charts. A line that it
// doesn't know isn't drawn at all.
func TestShapes(t *testing.T) {
	css := all(t)["book.css"].text
	shapes := all(t)["results/index.html"].find(func(n *html.Node) bool { return n.Data == "line" || n.Data == "rect" || n.Data == "circle" })
	assert.NotEmpty(t, shapes)
	classes := map[string]bool{}
	for _, n := range shapes {
		classes[attr(n, "class")] = true
	}
	for class := range classes {
		assert.Contains(t, css, ".picture ."+class+" {")
	}
}

// TestNothingForeign: a page loads nothing from another host, and has no script or style
// in its text, which the server's policy would refuse.
func TestNothingForeign(t *testing.T) {
	pages(t, func(t *testing.T, f *file) {
		for _, n := range f.find(func(*html.Node) bool { return true }) {
			switch n.Data {
			case "script", "link", "img":
				for _, key := range []string{"src", "href"} {
					assert.NotContains(t, attr(n, key), "//")
				}
				assert.Empty(t, strings.TrimSpace(text(n)), n.Data)
			case "form":
				assert.Empty(t, attr(n, "action"), "the script takes it")
			case "style", "iframe", "object", "embed", "base":
				t.Errorf("an element %s", n.Data)
			}
			for _, a := range n.Attr {
				assert.False(t, a.Key == "style" || strings.HasPrefix(a.Key, "on"), a.Key)
			}
		}
	})
	assert.NotRegexp(t, `@import|url\(|//`, strings.ReplaceAll(all(t)["book.css"].text, "/*", ""))
}
