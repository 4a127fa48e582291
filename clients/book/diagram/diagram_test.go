package diagram

import (
	"io/fs"
	"path"
	"testing"
	"testing/fstest"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/repo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCurrent compares the pictures in the repository with the blocks from which they are
// made. If it fails: go run ./clients/book/draw
func TestCurrent(t *testing.T) {
	fsys, _ := booktest.Open(t)
	blocks, err := Blocks(fsys)
	require.NoError(t, err)
	require.NotEmpty(t, blocks)
	files := map[string]bool{}
	for _, b := range blocks {
		svg, err := Read(fsys, b.Markdown, b.N, b.Source)
		if assert.NoError(t, err) {
			assert.Regexp(t, `(?s)<title id="title">[^<]+</title>\s*<desc id="desc">[^<]{30}`, string(svg), b.Markdown)
			assert.NotContains(t, string(svg), "foreignObject", "%s: text that is no text", b.Markdown)
		}
		files[path.Base(File(b.Markdown, b.N))] = true
	}
	entries, err := fs.ReadDir(fsys, Folder)
	require.NoError(t, err)
	for _, entry := range entries {
		assert.True(t, files[entry.Name()], "%s belongs to no block", entry.Name())
	}
}

func TestRead(t *testing.T) {
	svg, err := tidy([]byte(drawn), "flowchart\n")
	require.NoError(t, err)
	fsys := fstest.MapFS{File("a/README.md", 1): {Data: svg}}
	_, err = Read(fsys, "a/README.md", 1, "flowchart\n")
	assert.NoError(t, err)
	_, err = Read(fsys, "a/README.md", 1, "flowchart LR\n")
	assert.ErrorContains(t, err, "a-1.svg shows another diagram: draw it with go run ./clients/book/draw")
	_, err = Read(fsys, "a/README.md", 2, "flowchart\n")
	assert.ErrorContains(t, err, "draw it with")
}

func TestBlocks(t *testing.T) {
	blocks, err := Blocks(repo.Public(fstest.MapFS{
		"README.md":   {Data: []byte("# a\n\n```mermaid\na\nb\n```\n\n```text\nx\n```\n\n  ```mermaid\nc\n  ```\n")},
		"b/c.md":      {Data: []byte("```mermaid\r\nd\r\n```\r\n")},
		"my/notes.md": {Data: []byte("```mermaid\nd\n```\n")},
	}))
	require.NoError(t, err)
	assert.Equal(t, []Block{{"README.md", 1, "a\nb\n"}, {"README.md", 2, "c\n"}, {"b/c.md", 1, "d\n"}}, blocks)
	assert.Equal(t, Folder+"/README-2.svg", File("README.md", 2))
	assert.Equal(t, Folder+"/b-c-1.svg", File("b/c.md", 1))
}

// drawn is what Mermaid draws, in small.
const drawn = `<svg id="my-svg" width="90.123" xmlns="http://www.w3.org/2000/svg" class="flowchart" height="33" viewBox="0 0 90.123 33"
 role="graphics-document document" aria-roledescription="flowchart-v2" style="background-color: white;"
 aria-labelledby="chart-title-my-svg"><title id="chart-title-my-svg">A title</title><desc id="chart-desc-my-svg">What it shows</desc>
<style>#my-svg{fill:red}</style><g><marker id="used" orient="auto"><path d="M 0 0 L 10.04 5" style="x"/></marker><marker id="unused"><path d="M 0 0"/></marker>
<g class="edgePaths"><path d="M144.188,165.01L2,3" class="flowchart-link" style="fill:none" data-points="xxx" marker-end="url(#used)"/></g>
<g class="label"><rect class="background" style="stroke: none"/><text y="-10.1"><tspan class="row" x="0"><tspan font-weight="normal">two</tspan><tspan> words</tspan></tspan></text></g>
<g class="basic outer-path"><path d="M1"/><path d="M2"/></g></g></svg>`

func TestTidy(t *testing.T) {
	svg, err := tidy([]byte(drawn), "source")
	require.NoError(t, err)
	got := string(svg)
	for _, want := range []string{`class="diagram flowchart-v2" role="img" aria-labelledby="title desc" width="90.1" height="33" viewBox="0 0 90.1 33"`,
		`<title id="title">A title</title>`, `<desc id="desc">What it shows</desc>`, `<marker id="used" orient="auto">`,
		`marker-end="url(#used)"`, `d="M144.2,165L2,3"`, `<tspan class="row" x="0">two words</tspan>`, `<path d="M1">`, "prefers-color-scheme: dark"} {
		assert.Contains(t, got, want)
	}
	for _, gone := range []string{"my-svg", "unused", "style=", "data-points", "background\"", `"M2"`} {
		assert.NotContains(t, got, gone)
	}
	_, err = tidy([]byte(`<svg width="1"><g><path d="M1"/></g></svg>`), "source")
	assert.ErrorContains(t, err, "accTitle")
	_, err = tidy([]byte("no drawing"), "source")
	assert.ErrorContains(t, err, "no SVG")
}
