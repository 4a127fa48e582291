package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// code returns the text of a chapter's files by their names, without chapter 9's module
// beyond.
func code(t *testing.T, c chapters.Chapter) map[string]string {
	files := map[string]string{}
	fsys := os.DirFS(c.Dir)
	require.NoError(t, fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if entry.IsDir() && (name == "exercises" || name == "beyond") {
			return fs.SkipDir
		}
		ext := name[strings.LastIndex(name, ".")+1:]
		if err != nil || entry.IsDir() || name == "README.md" || name == "go.sum" || ext == "svg" || !strings.Contains(name, ".") {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		files[name] = string(text)
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// TestCodeIsTheFile compares the text of each code page with its file, byte for byte.
func TestCodeIsTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	_, list := booktest.Open(t)
	for _, c := range list {
		for name, want := range code(t, c) {
			page, ok := all(t)[filepath.Base(c.Dir)+"/"+name+".html"]
			if !assert.True(t, ok, "no page for %s", name) {
				continue
			}
			pre := page.find(func(n *html.Node) bool { return n.Data == "pre" })
			require.Len(t, pre, 1)
			assert.True(t, want == text(pre[0]), "%s is not the file", page.name)
			lines := page.find(func(n *html.Node) bool { return strings.HasPrefix(attr(n, "id"), "L") })
			assert.Len(t, lines, strings.Count(want, "\n"))
		}
	}
}

// TestStepsArePatches makes each chapter's code from the code of the one before and the
// page of the step between them.
func TestStepsArePatches(t *testing.T) {
	_, list := booktest.Open(t)
	for i, c := range list[1:] {
		name := "step/" + strconv.Itoa(list[i].Number) + "-" + strconv.Itoa(c.Number) + "/index.html"
		t.Run(name, func(t *testing.T) {
			page := all(t)[name]
			require.NotNil(t, page)
			old, got := code(t, list[i]), map[string]string{}
			for _, n := range page.find(func(n *html.Node) bool { return has(n, "data-same") }) {
				got[attr(n, "data-same")] = old[attr(n, "data-same")]
			}
			for _, n := range page.find(func(n *html.Node) bool { return has(n, "data-old") }) {
				if attr(n, "data-new") == "" { // gone, and shown on the page of the chapter before
					assert.Contains(t, old, attr(n, "data-old"))
					continue
				}
				got[attr(n, "data-new")] = patch(t, old[attr(n, "data-old")], n)
			}
			assert.Equal(t, code(t, c), got)
		})
	}
}

// patch applies what a step page shows of a file.
func patch(t *testing.T, old string, shown *html.Node) string {
	lines := strings.SplitAfter(old, "\n")
	var b strings.Builder
	at := 0
	for hunk := range shown.Descendants() {
		if !has(hunk, "data-at") {
			continue
		}
		from, _, _ := strings.Cut(attr(hunk, "data-at"), " ")
		begin, err := strconv.Atoi(from)
		require.NoError(t, err)
		b.WriteString(strings.Join(lines[at:begin], ""))
		at = begin
		for block := range hunk.ChildNodes() {
			for line := range block.ChildNodes() {
				switch attr(line, "class") + line.Data {
				case "oldspan", "olddel":
					require.Equal(t, lines[at], text(line))
					at++
				case "newspan", "newins":
					b.WriteString(text(line))
				}
			}
		}
	}
	return b.String() + strings.Join(lines[at:], "")
}
