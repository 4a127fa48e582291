package site

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMentioned: a file is mentioned where its code is quoted or a link leads to it, whichever is first, and not
// where another file's name ends as its own.
func TestMentioned(t *testing.T) {
	readme := []byte("before\n\n```go server/conn.go\ncode\n```\n\n[loop](loop.go#L1)\n\n```diff ../old/main.go main.go\n")
	assert.Equal(t, len("before\n\n"), mentioned(readme, "server/conn.go"))
	assert.Less(t, mentioned(readme, "server/conn.go"), mentioned(readme, "loop.go"))
	assert.Less(t, mentioned(readme, "loop.go"), mentioned(readme, "main.go"))
	assert.Equal(t, len(readme), mentioned(readme, "alarm.go"))
	assert.Equal(t, len(readme), mentioned(readme, "op.go"), "loop.go is another file")
}

// TestSays: what a file is, is said by its package, or by its first test, type or function.
func TestSays(t *testing.T) {
	assert.Equal(t, "Package a is one.", says("a.go", []byte("// Package a is one. It is short.\npackage a\n\n// B is two.\ntype B int\n")))
	assert.Equal(t, "B is two.", says("a.go", []byte("package a\n\nimport \"os\"\n\n// f is three.\nfunc f() {}\n\n// B is two.\ntype B int\n")))
	assert.Equal(t, "TestA proves it.", says("a_test.go", []byte("package a\n\n// b is a type.\ntype b int\n\n// TestA proves it.\nfunc TestA() {}\n")))
	assert.Empty(t, says("go.mod", []byte("module a\n")))
}
