package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// clone makes a workbook of two chapters in a repository of its own, and goes there.
func clone(t *testing.T) []chapters.Chapter {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	t.Chdir(t.TempDir())
	long := strings.Repeat("// a line that stays\n", 20)
	for path, text := range map[string]string{
		"chapter05-knot/go.mod":              "module knot\n",
		"chapter05-knot/poller.go":           "package main\n" + long,
		"chapter05-knot/main_test.go":        "package main // old test\n",
		"chapter05-knot/testdata/example.go": "package main // an example\n",
		"chapter06-tidy/go.mod":              "module tidy\n",
		"chapter06-tidy/poller/poller.go":    "package poller\n" + long,
		"chapter06-tidy/poller/new_test.go":  "package poller // new test\n",
		"chapter06-tidy/README.md":           "a text\n",
		"chapter06-tidy/more/go.mod":         "module tidy/more\n",
		"chapter06-tidy/more/queue.go":       "package queue // another module\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "."},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "all"},
	} {
		out, err := exec.Command("git", args...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	all, _, err := chapters.Find()
	require.NoError(t, err)
	return all
}

// TestDiff proves that a step is shown without tests, texts and other modules, and a
// file that has moved as moved.
func TestDiff(t *testing.T) {
	all := clone(t)
	cmd, err := diff(all, ".", []string{"5", "6"})
	require.NoError(t, err)
	out, err := cmd.Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "rename to poller/poller.go")
	assert.Contains(t, string(out), "+package poller")
	assert.NotContains(t, string(out), "test")
	assert.NotContains(t, string(out), "README.md")
	assert.NotContains(t, string(out), "queue")
}

func TestWrongNumbers(t *testing.T) {
	all := []chapters.Chapter{{Number: 3, Dir: "chapter03-a"}, {Number: 9, Dir: "chapter09-b"}}
	for _, test := range []struct {
		numbers []string
		want    string
	}{
		{nil, "name two chapters"},
		{[]string{"3"}, "name two chapters"},
		{[]string{"3", "x"}, `"x" is no chapter's number`},
		{[]string{"0", "1"}, `"0" is no chapter's number`},
		{[]string{"9", "10"}, "there is no chapter 10"},
	} {
		_, err := diff(all, ".", test.numbers)
		assert.ErrorContains(t, err, test.want)
	}
}

// TestNoClone proves that a workbook without its history is called that.
func TestNoClone(t *testing.T) {
	all := clone(t)
	require.NoError(t, os.RemoveAll(".git"))
	_, err := diff(all, ".", []string{"5", "6"})
	assert.ErrorContains(t, err, "is no clone, made with git")
}
