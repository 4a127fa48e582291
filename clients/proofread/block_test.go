package proofread

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// problems writes a README into the current folder and returns what is wrong with it.
func problems(t *testing.T, markdown string) string {
	require.NoError(t, os.WriteFile("README.md", []byte(markdown), 0o644))
	problems, err := Check("README.md")
	require.NoError(t, err)
	return fmt.Sprint(problems)
}

func TestUnnamedBlocks(t *testing.T) {
	t.Chdir(t.TempDir())
	assert.Equal(t, "[]", problems(t, "text\n\n~~~text\nany\n~~~\n~~~mermaid\nany\n~~~\n"))
	assert.Contains(t, problems(t, "text\n\n    indented\n"), "README.md:3: : a code block without a language")
	assert.Contains(t, problems(t, "~~~\nno language\n~~~\n"), "README.md:1: : a code block without a language")
	assert.Contains(t, problems(t, "- item\n\n  ~~~golang\n  x\n  ~~~\n"), "README.md:3: golang: write a block of go")
	assert.Contains(t, problems(t, "~~~text\n$ ls\n~~~\n"), "a transcript that is compared with nothing")
}
