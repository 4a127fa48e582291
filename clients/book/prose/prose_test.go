package prose

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goFile = "package a\n\nfunc a() {\n\tb()\n}\n\nfunc c() {\n}\n"

// source returns a file in surroundings where a.go is the only file that is there.
func source(markdown string) Source {
	return Source{
		Name: "x/README.md",
		Text: []byte("# Title\n\n" + markdown),
		Link: func(destination string) (string, error) {
			if destination == "nowhere.md" {
				return "", errors.New("nowhere.md is not there")
			}
			return "to:" + destination, nil
		},
		Read: func(name string) ([]byte, error) {
			if name != "a.go" {
				return nil, fmt.Errorf("%s is not there", name)
			}
			return []byte(goFile), nil
		},
		Picture: func(destination, description string) (template.HTML, error) {
			return template.HTML("[" + destination + ": " + description + "]"), nil
		},
		Diagram: func(n int, source string) (template.HTML, error) {
			return template.HTML(fmt.Sprintf("[%d: %q]", n, source)), nil
		},
		Step: func(old, new string) string { return "step:" + new },
	}
}

func render(t *testing.T, markdown string) *Doc {
	doc, err := Render(source(markdown))
	require.NoError(t, err)
	return doc
}

func TestSections(t *testing.T) {
	doc := render(t, "Lead.\n\n## One `a`\n\nSome text.\n\n### Deep\n\nMore.\n\n```text\ncode\n```\n\n## One a\n\nEnd.\n")
	assert.Equal(t, "Title", doc.Title)
	assert.EqualValues(t, "<p>Lead.</p>\n", doc.Lead)
	assert.Equal(t, []Section{
		{"one-a", "One a", 2, "Some text."}, {"deep", "Deep", 3, "More."}, {"one-a-1", "One a", 2, "End."},
	}, doc.Sections)
	assert.Contains(t, doc.Body, `<h3 id="deep"><a class="self" href="#deep">Deep</a></h3>`)
	assert.Equal(t, 10, doc.Words) // the code is not read
}

func TestFirstHeadingIsDeep(t *testing.T) {
	doc := render(t, "### One\n\n#### Two\n\n### Three\n")
	var levels []int
	for _, s := range doc.Sections {
		levels = append(levels, s.Level)
	}
	assert.Equal(t, []int{2, 3, 2}, levels)
}

func TestPredict(t *testing.T) {
	doc := render(t, "## Predict\n\nWho?\n\n<details>\n<summary>Answer</summary>\n\nEcho.\n\n</details>\n\n"+
		"## Try it\n\n<details>\n<summary>Answer</summary>\n\nYes.\n\n</details>\n")
	assert.Contains(t, doc.Body, `<section class="part predict"`)
	assert.Regexp(t, `(?s)<label for="guess-1">.*<textarea id="guess-1".*<details class="answer">\s*<summary>Answer</summary>\s*<p>Echo`, doc.Body)
	assert.NotContains(t, doc.Body, "guess-2", "an experiment is no prediction")
}

func TestExcerpt(t *testing.T) {
	doc := render(t, "```go a.go\nfunc a() {\n\t// ...\n}\n\nfunc c() {\n```\n")
	for _, want := range []string{`<a href="to:a.go#L3">a.go</a>`, `href="to:a.go#L3" data-n="3"`, `data-n="5"`, `data-n="7"`,
		`<span class="n"></span>` + "\t<i>// ...</i>"} {
		assert.Contains(t, doc.Lead, want)
	}
	assert.NotContains(t, doc.Lead, `data-n="4"`)
}

// TestExcerptGoesOn: a piece is looked for after the one before it.
func TestExcerptGoesOn(t *testing.T) {
	doc := render(t, "```go a.go\nfunc a() {\n\tb()\n}\n// ...\n}\n```\n")
	assert.Contains(t, doc.Lead, `data-n="8"`)
}

func TestConsole(t *testing.T) {
	doc := render(t, "```console client\n$ echo 'a & b'\na & b\n```\n\n```console file=a.go\ntext\n```\n\n```sh\ngo run .\n```\n")
	assert.Contains(t, doc.Lead, `<span class="prompt">$ </span><span class="run">echo &#39;a &amp; b&#39;</span>`+"\na &amp; b\n")
	assert.Contains(t, doc.Lead, `terminal: client<button class="copy"`)
	assert.Contains(t, doc.Lead, `<a href="to:a.go">a.go</a></figcaption>`, "nothing to copy")
	assert.Contains(t, doc.Lead, `<span class="run">go run .`)
}

func TestDiff(t *testing.T) {
	doc := render(t, "```diff ../b/a.go a.go\n func a() {\n-\tx()\n+\ty()\n```\n")
	assert.Contains(t, doc.Lead, `<a href="step:a.go">a.go</a>`)
	assert.Contains(t, doc.Lead, `<span class="line del"><span class="sign">-</span>`+"\tx()")
	assert.Contains(t, doc.Lead, `<span class="line add"><span class="sign">+</span>`+"\ty()")
}

func TestOther(t *testing.T) {
	doc := render(t, "![A b.](p.svg)\n\n```mermaid\nflowchart\n```\n\n2<sup>64</sup> and [a](b.md), \"quoted\".\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n")
	for _, want := range []string{"[p.svg: A b.]", `[1: "flowchart\n"]`, "2<sup>64</sup>", `<a href="to:b.md">a</a>`, "&ldquo;quoted&rdquo;",
		`<div class="table"><table>`, `align="right"`} {
		assert.Contains(t, doc.Lead, want)
	}
	assert.NotContains(t, doc.Lead, "<p>[p.svg", "a figure is no paragraph")
	assert.NotContains(t, doc.Lead, "style=", "the pages allow no style in the text")
}

// TestBroken says where a file is broken, and how.
func TestBroken(t *testing.T) {
	for _, test := range []struct{ markdown, want string }{
		{"[a](nowhere.md)", "x/README.md:3: nowhere.md is not there"},
		{"text\n\n<script>x</script>", "x/README.md:5: the book does not know the HTML <script>"},
		{"a <b>c</b>", "x/README.md:3: the book does not know the element <b>"},
		{"<details>\n<summary>A</summary>\n\ntext", "x/README.md: a <details> that is not closed"},
		{"```\ncode\n```", "x/README.md:3: : a code block without a language"},
		{"```go\ncode\n```", "go: name the file"},
		{"```go b.go\ncode\n```", "go b.go: b.go is not there"},
		{"```go a.go\nfunc gone() {\n```", "this is not in the file, or not after what comes before it:\nfunc gone() {"},
		{"```go a.go\n// ...\n```", "the block quotes nothing"},
		{"```console\n$ ls\n```", "write ```console server, client, log, test or file=path"},
		{"```console mine\n$ ls\n```", "write ```console server, client"},
		{"```rust\ncode\n```", "rust: write a block of go, python"},
	} {
		_, err := Render(source(test.markdown))
		assert.ErrorContains(t, err, test.want, test.markdown)
	}
	_, err := Render(Source{Name: "x.md", Text: []byte("no title")})
	assert.ErrorContains(t, err, "x.md: it does not begin with a title")
}

// TestEmptyHeaders: a column without a name has no header that somebody would have to hear.
func TestEmptyHeaders(t *testing.T) {
	doc := render(t, "| | a |\n|---|--:|\n| b | c |\n\n| d | |\n|---|--:|\n| e | f |\n")
	assert.NotContains(t, doc.Lead, "></th>")
	assert.Equal(t, 2, strings.Count(string(doc.Lead), "</th>"), doc.Lead)
	assert.Equal(t, 2+4, strings.Count(string(doc.Lead), "</td>"), doc.Lead)
}
