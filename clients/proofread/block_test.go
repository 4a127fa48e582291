package proofread

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A readmeTest is a README, and a part of what is wrong with it, or nothing.
type readmeTest struct{ name, markdown, want string }

func testReadmes(t *testing.T, tests []readmeTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			write(t, "README.md", test.markdown)
			problems := fmt.Sprint(must(Check("README.md")))
			if test.want == "" {
				assert.Equal(t, "[]", problems)
			}
			assert.Contains(t, problems, test.want)
		})
	}
}

func TestUnnamedBlocks(t *testing.T) {
	t.Chdir(t.TempDir())
	testReadmes(t, []readmeTest{
		{"drawings", "text\n\n~~~text\nany\n~~~\n~~~mermaid\nany\n~~~\n", ""},
		{"indented", "text\n\n    indented\n", "README.md:3: : a code block without a language"},
		{"no language", "~~~\nno language\n~~~\n", "README.md:1: : a code block without a language"},
		{"unknown language", "- item\n\n  ~~~golang\n  x\n  ~~~\n", "README.md:3: golang: write a block of go"},
		{"transcript", "~~~text\n$ ls\n~~~\n", "a transcript that is compared with nothing"},
	})
}
