package hole

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

const (
	folder = "chapter01-adder/"
	text   = folder + "exercises/1-add.md"
	patch  = folder + "exercises/1-add.patch"
)

// load makes a workbook and returns what its exercises are.
func load(t *testing.T) ([]Exercise, error) {
	t.Helper()
	all, _, err := chapters.Find()
	require.NoError(t, err)
	return Load(all)
}

// only returns the only exercise of the workbook.
func only(t *testing.T) Exercise {
	t.Helper()
	exercises, err := load(t)
	require.NoError(t, err)
	e, err := Find(exercises, "1.1")
	require.NoError(t, err)
	return e
}

// start makes a working copy of the exercise.
func start(t *testing.T) Exercise {
	t.Helper()
	e := only(t)
	require.NoError(t, e.Start("copy"))
	return e
}

// expect expects an error that says so, or none if there's nothing to say.
func expect(t *testing.T, want string, err error) {
	t.Helper()
	if want == "" {
		assert.NoError(t, err)
	} else {
		assert.ErrorContains(t, err, want)
	}
}

func TestLoad(t *testing.T) {
	holetest.Workbook(t)
	e := only(t)
	assert.Equal(t, "1.1-add", e.Label())
	assert.Equal(t, Text{
		Title: "Add", Lead: "Why it is worth it.", Level: "core", Minutes: 5,
		Task: "Open `add.go`.\n\nAdd them up.", Works: "You see.",
		Tests:   []Test{{"TestAdd", "2+3 is not 2", "b is missing."}},
		Suffers: []string{"TestLarge"},
		Hints:   []string{"Look at b.", "Use a plus."},
	}, e.Text)
	_, err := Find([]Exercise{e}, "1.2")
	assert.ErrorContains(t, err, `there is no exercise "1.2"`)
}

// TestTexts proves that a text which can't be read is named, with what it should be.
func TestTexts(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"# Add", "Add", "begins with # and the title"},
		{"**Core, 5 minutes.** ", "**Hard.**", "begins with **Warm-up, 5 minutes.**"},
		{"**Core, 5 minutes.** ", "**Core.** ", "begins with **Warm-up, 5 minutes.**"},
		{"**Core, 5", "**Nasty, 5", "the levels are warm-up, core"},
		{"## Hints", "## Tips", "the sections are"},
		{"- `TestAdd` says", "- `TestAdd` prints", "under Tests, write"},
		{"- `TestAdd` says", "`TestAdd` says", "it names no test"},
		{"- `TestLarge`:", "- TestLarge:", "under These fail too, write"},
		{"Hint 2", "Hint 3", "hint 2 is called Hint 3"},
		{"<summary>Hint 2</summary>", "Hint 2", "two hints at least"},
	} {
		t.Run(test.want, func(t *testing.T) {
			holetest.Workbook(t)
			holetest.Edit(t, text, test.old, test.new)
			_, err := load(t)
			assert.ErrorContains(t, err, "1-add.md")
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestFilesThatBelongToNothing(t *testing.T) {
	for gone, want := range map[string]string{text: "needs a text", patch: "needs a patch, or, in the folder testdata/1-add"} {
		holetest.Workbook(t)
		require.NoError(t, os.Remove(gone))
		_, err := load(t)
		assert.ErrorContains(t, err, want)
	}
	holetest.Workbook(t)
	holetest.Write(t, folder+"exercises/notes.md", "")
	_, err := load(t)
	assert.ErrorContains(t, err, "N-name.md")
}

// TestStart proves that a working copy has the hole and the tests, and not the solution.
func TestStart(t *testing.T) {
	holetest.Workbook(t)
	start(t)
	code, err := os.ReadFile("copy/add.go")
	require.NoError(t, err)
	assert.Equal(t, holetest.Stub, string(code))
	files, err := readFiles("copy", func(string) bool { return true })
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"add.go", "add_test.go", "go.mod", "go.work"}, slices.Collect(maps.Keys(files)))
}

func TestProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "my", "progress.json")
	p, err := ReadProgress(path)
	require.NoError(t, err)
	assert.Empty(t, p.Last)
	p, err = ChangeProgress(path, func(p *Progress) { p.Last, p.Solved["1.1"], p.Hints["1.1"] = "1.1", true, 2 })
	require.NoError(t, err)
	again, err := ReadProgress(path)
	assert.NoError(t, err)
	assert.Equal(t, &Progress{"1.1", map[string]string{}, map[string]bool{"1.1": true}, map[string]int{"1.1": 2}}, again)
	assert.Equal(t, p, again)

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o644))
	_, err = ReadProgress(path)
	assert.ErrorContains(t, err, "delete "+path)
	_, err = ChangeProgress(path, func(*Progress) {})
	assert.ErrorContains(t, err, "delete "+path)
}

// TestProgressOfMany: what many note at the same time is all there.
func TestProgressOfMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "my", "progress.json")
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			_, err := ChangeProgress(path, func(p *Progress) { p.Solved[fmt.Sprint(i)] = true })
			assert.NoError(t, err)
		})
	}
	all.Wait()
	p, err := ReadProgress(path)
	require.NoError(t, err)
	assert.Len(t, p.Solved, 40)
}
