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
			assert.NotRegexp(t, ` (style|fill|font-\w+)=`, string(svg), "the stylesheet says how it looks")
			assert.Contains(t, string(svg), "prefers-color-scheme: dark")
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
	svg := []byte(`<svg data-source="` + sum("flowchart\n") + `"></svg>`)
	fsys := fstest.MapFS{File("a/README.md", 1): {Data: svg}}
	_, err := Read(fsys, "a/README.md", 1, "flowchart\n")
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
