package proofread

import "testing"

func TestLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "sub/README.md", "# `Serve` it, now!\n## Twice\n## Twice\n")
	testReadmes(t, []readmeTest{
		{"file", "[a](sub/README.md)", ""},
		{"folder", "[a](sub/)", ""},
		{"web", "[a](https://go.dev/nowhere#x) <https://go.dev>", ""},
		{"heading", "[a](sub/README.md#serve-it-now)", ""},
		{"heading of a folder's README", "[a](sub#twice-1)", ""},
		{"heading of this file", "# Go on\n[a](#go-on)", ""},
		{"reference", "[a][b]\n\n[b]: sub/none.go\n", "README.md:1: the link sub/none.go leads nowhere"},
		{"in a table", "| a |\n|---|\n| [a](none.go) |\n", "README.md:3: the link none.go leads nowhere"},
		{"image", "![a](none.png)", "README.md:1: the link none.png leads nowhere"},
		{"missing file", "a\n\na **b\n[a](none.go)**", "README.md:4: the link none.go leads nowhere"},
		{"outside", "[a](../)", "leads nowhere"},
		{"missing heading", "[a](sub/README.md#serve)", "no heading #serve"},
		{"missing heading of this file", "# Go on\n[a](#go)", "no heading #go"},
		{"third of two", "[a](sub#twice-2)", "no heading #twice-2"},
		{"HTML", "<a href=\"sub/\">a</a>", "in Markdown"},
		{"HTML in a list", "- a\n- b <a href=\"sub/\">a</a>", "README.md:2: write this link in Markdown"},
		{"HTML block", "<p>\n<img src=\"sub/none.png\">\n</p>\n", "in Markdown"},
	})
}
