package site

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const readme = `# The book

Lead.

| chapter | the clients finish | why | what breaks |
|---|---|---|---|
| 1 [one](chapter01-one/README.md) | Long, Echo | first reason | first trouble |
| 2 [two](chapter02-two/README.md) | Echo, Long | second reason | second trouble |

| term | meaning | |
|---|---|---|
| park | to set aside | [1](chapter01-one/README.md#the-idea) |
| later | much later | [2](chapter02-two/README.md) |
`

const drawing = `<svg width="680" height="1" viewBox="0 0 680 1"><title id="title">One</title><desc id="desc">What it shows.</desc>` +
	`<metadata>{"lanes":[{"name":"Long","times":[0,10000000,10000000,1000000000]},` +
	`{"name":"Echo","times":[100000000,500000000,500000000,1000000000]}],"finished":[1,0]}</metadata>` +
	`<style>.work{}</style><rect class="back"/><rect class="work" id="a"/></svg>`

const writeIt = "# Write it\n\nThe reason.\n\n**Core, 5 minutes.** The task.\n\n## Your task\n\nDo.\n\n## When it works\n\nSee.\n\n" +
	"## Tests\n\n- `TestX` says `no`: wrong.\n\n## Hints\n\n<details>\n<summary>Hint 1</summary>\n\nA.\n\n</details>\n<details>\n<summary>Hint 2</summary>\n\nB.\n\n</details>\n"

func workbook() fstest.MapFS {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"README.md": text(readme),
		"chapter01-one/README.md": text("# Chapter 1: the first\n\n[All chapters](../README.md#the-nine-chapters)\n\n## The idea\n\nThey park, not later.\n\n" +
			"![What it looks like.](timeline.svg)\n\n[main](main.go), [checks](../checks), [all](../README.md#the-nine-chapters)\n"),
		"chapter01-one/main.go":              text("package main\n"),
		"chapter01-one/same.go":              text("package main\n"),
		"chapter01-one/timeline.svg":         text(drawing),
		"chapter02-two/README.md":            text("# Chapter 2: the second\n\nThey park again.\n"),
		"chapter02-two/main.go":              text("package main // two"),
		"chapter02-two/same.go":              text("package main\n"),
		"chapter02-two/exercises/1-write.md": text(writeIt),
		"checks/a.go":                        text("package checks\n"),
		"checks/doc.go":                      text("// Package checks.\npackage checks\n"),
		"clients/results/bench.md":           text("# Measured\n\n### memory: of each\n\n![](memory.svg)\n\nTable.\n"),
		"clients/results/memory.svg":         text(`<svg width="9" height="9" viewBox="0 0 9 9"><title id="title">Bytes each</title></svg>`),
	}
}

func page(t *testing.T, fsys fs.FS, name string) string {
	b, err := Load(fsys, Options{Base: "/"})
	require.NoError(t, err)
	p, err := b.Page(name)
	require.NoError(t, err)
	return string(p.Body)
}

func TestContents(t *testing.T) {
	got := page(t, workbook(), "")
	for _, want := range []string{"Lead.", "first trouble", "second reason", `href="chapter01-one/"`, `href="step/1-2/">1 → 2: 2 lines`,
		`<span class="name">The first</span>`, `aria-label="Long is served at once; Echo waits to be served."`} {
		assert.Contains(t, got, want)
	}
	assert.Equal(t, 1, strings.Count(got, `class="lanes"`), "chapter 2 has no timeline")
}

func TestLanes(t *testing.T) {
	got, takes, err := lanes(workbook(), "chapter01-one/timeline.svg")
	require.NoError(t, err)
	assert.Equal(t, []Lane{{"Long", 0, 10, 990, 2}, {"Echo", 100, 400, 500, 1}}, got)
	assert.Equal(t, 1000, takes)
	assert.Equal(t, []Lane{{"Long", 0, 5, 495, 2}, {"Echo", 50, 200, 250, 1}}, (&Chapter{Lanes: got, Takes: takes}).on(2000), "on the axis of one that takes twice as long")
	_, _, err = lanes(fstest.MapFS{"a.svg": {Data: []byte("<svg><desc>Nothing.</desc></svg>")}}, "a.svg")
	assert.ErrorContains(t, err, "a.svg: draw it with go run ./clients/tour -svg: ")
}

func TestChapter(t *testing.T) {
	got := page(t, workbook(), "chapter01-one/")
	assert.NotContains(t, got, "All chapters", "the page has such links in its own places")
	assert.Contains(t, got, `popovertarget="gloss-1">park</button>`)
	assert.NotContains(t, got, "gloss-2", "what chapter 2 explains is no term of chapter 1")
	assert.NotContains(t, got, ">chapter 1</a></span>", "a term that is explained here")
	assert.Contains(t, got, `href="main.go.html"`)
	assert.Contains(t, got, `href="../#the-nine-chapters"`)
	assert.Contains(t, got, `href="../checks/doc.go.html"`)
	assert.Contains(t, got, `<title id="timeline-title">One</title>`)
	assert.NotContains(t, got, `class="back"`)
	assert.NotContains(t, got, "<style>")
	assert.Contains(t, page(t, workbook(), "chapter02-two/"), `<a href="../chapter01-one/#the-idea">chapter 1</a></span>`)
}

func TestCodePage(t *testing.T) {
	same := page(t, workbook(), "chapter02-two/same.go.html")
	assert.Contains(t, same, "the same file as in chapter 1")
	assert.Contains(t, same, `<li class="same"><a href="same.go.html" aria-current="page">`)
	assert.Contains(t, page(t, workbook(), "chapter02-two/main.go.html"), `<a href="../step/1-2/#main.go">1 line gone, 1 new</a>`)
	assert.NotContains(t, page(t, workbook(), "chapter01-one/main.go.html"), "chapter 0")
	assert.Contains(t, page(t, workbook(), "chapter02-two/main.go.html"), "// two</i></code>", "a last line without an end")
}

func TestExercises(t *testing.T) {
	assert.Contains(t, page(t, workbook(), ""), `<a href="exercises/">Exercises</a>`)
	got := page(t, workbook(), "exercises/")
	assert.Contains(t, got, `<a href="../chapter02-two/exercises/1-write/">2.1 Write it</a>`)
	assert.Contains(t, got, "<p>The reason.</p></li>")
	assert.Contains(t, got, "core, 5 minutes")
	assert.Contains(t, page(t, workbook(), "chapter02-two/exercises/1-write/"), "The task.")

	without := workbook()
	delete(without, "chapter02-two/exercises/1-write.md")
	assert.NotContains(t, page(t, without, ""), "Exercises")
	b, err := Load(without, Options{})
	require.NoError(t, err)
	_, err = b.Page("exercises/")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestResults(t *testing.T) {
	got := page(t, workbook(), "results/")
	assert.Regexp(t, `(?s)memory: of each.*Bytes each.*Table\.`, got)
	assert.NotContains(t, got, "figcaption")
}

// TestFilesOptions: from a disk, a link has to name a file.
func TestFilesOption(t *testing.T) {
	b, err := Load(workbook(), Options{Files: true, Base: "/deep/"})
	require.NoError(t, err)
	for from, want := range map[string]string{"": "chapter01-one/index.html", "step/1-2/": "../../chapter01-one/index.html",
		NotFound: "/deep/chapter01-one/index.html"} {
		p, err := b.Page(from)
		require.NoError(t, err)
		assert.Contains(t, string(p.Body), `href="`+want+`"`)
	}
}
