package hole

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// TestHides proves that a working copy hides the other answer in its file, and that check judges an
// attempt as if it were there, with the numbers of the reader's own lines.
func TestHides(t *testing.T) {
	holetest.Two(t)
	e := start(t)
	code, err := os.ReadFile("copy/add.go")
	require.NoError(t, err)
	assert.NotContains(t, string(code), "strings")
	assert.NotContains(t, string(code), "a + b")
	places, err := e.Places()
	require.NoError(t, err)
	assert.Equal(t, []Place{{"add.go", 10, "Add"}}, places, "in the copy")
	assert.NoError(t, e.Prove(t.Context(), true))

	for own, want := range map[string]string{"return a + c": "add.go:10:13: undefined: c", "return a +": "add.go:11:1: syntax error"} {
		holetest.Write(t, "copy/add.go", strings.Replace(string(code), "return a\n", own+"\n", 1))
		_, err = e.NewAttempt(t.Context(), "copy", t.TempDir())
		assert.ErrorContains(t, err, want)
	}
	holetest.Write(t, "copy/add.go", strings.Replace(string(code), "return a\n", "return []int{}[a+b]\n", 1))
	a := e.compiled(t)
	assert.Equal(t, []Frame{{"add.go:10", "Add"}}, a.outcomeOf(t, "TestAdd").Frames)
	assert.Equal(t, Passed, a.outcomeOf(t, "TestLower").State)
}

// TestFill proves that what a reader has written himself is left alone, and the rest is as in the book.
func TestFill(t *testing.T) {
	const (
		book = "package a\n\nimport \"strings\"\n\nconst n = 1\n\nfunc F() string { return strings.ToLower(\"F\") }\n\nfunc G() {}\n"
		from = "package a\n\nfunc F() string { return \"\" }\n\nfunc G() {}\n"
	)
	for _, test := range []struct{ name, own, want string }{
		{"as it was", from,
			"package a; import \"strings\"\n\nfunc F() string { return strings.ToLower(\"F\") }\n//line a.go:4:1\n\nfunc G() {}\n\nconst n = 1\n"},
		{"his own line elsewhere", strings.Replace(from, "{}", "{ println() }", 1),
			"package a; import \"strings\"\n\nfunc F() string { return strings.ToLower(\"F\") }\n//line a.go:4:1\n\nfunc G() { println() }\n\nconst n = 1\n"},
		{"his own F", "package a\n\nconst n = 2\n\nfunc F() string { return \"f\" }\n", "package a\n\nconst n = 2\n\nfunc F() string { return \"f\" }\n"},
		{"the book's", book, book},
		{"no Go", "package", "package"},
	} {
		assert.Equal(t, test.want, fill(test.own, from, book, "a.go"), test.name)
	}
}

// standOn are exercises whose code is another's answer, and whose text says so.
var standOn = map[string]string{
	"3.1": "3.2", // the WaitGroup that waits is there already
	"4.1": "4.2", // it's the pool's channel that has a buffer too much
	"2.3": "3.3", // the parser is where the session is: in 3.3 somebody has moved it
}

// ofTheBook returns the exercises of the book.
func ofTheBook(t *testing.T) []Exercise {
	t.Chdir("../../..")
	exercises, err := load(t)
	require.NoError(t, err)
	return exercises
}

// TestAllFit proves what can be seen of all exercises without compiling them: the tests that they name
// are there, and their wrong solutions fit.
func TestAllFit(t *testing.T) {
	for _, e := range ofTheBook(t) {
		_, err := e.wrongs()
		assert.NoError(t, err, e.ID)
		tests, err := e.testFiles()
		require.NoError(t, err)
		code := strings.Join(slices.Collect(maps.Values(tests)), "")
		for _, name := range slices.Concat(e.names(), e.Suffers) {
			top, _, _ := strings.Cut(name[strings.Index(name, ".")+1:], "/")
			assert.True(t, strings.Contains(code, "func "+top+"("), "%s names %s", e.ID, name)
		}
	}
}

// TestNothingGivenAway proves that in the files which an exercise opens, no copy has the lines that
// another exercise of the chapter, or of a later one, asks for.
func TestNothingGivenAway(t *testing.T) {
	exercises := ofTheBook(t)
	for _, e := range exercises {
		begin, err := e.Begin()
		require.NoError(t, err)
		for _, other := range exercises {
			if other.ID == e.ID || other.Chapter.Number < e.Chapter.Number || standOn[e.ID] == other.ID {
				continue
			}
			for _, answer := range other.answers(t) {
				for name, text := range begin {
					assert.NotContains(t, text, answer, "the copy of %s has the answer to %s in %s", e.ID, other.ID, name)
				}
			}
		}
	}
}

// answers returns the pieces of code that the exercise asks for.
func (e Exercise) answers(t *testing.T) []string {
	hole, err := e.Hole()
	require.NoError(t, err)
	book, err := e.Solution()
	require.NoError(t, err)
	var pieces []string
	for name, text := range book {
		_, after, err := declarations(text)
		require.NoError(t, err)
		begin, ok := hole[name]
		if !ok { // a project changes the chapter's own, or adds a file
			own, _ := os.ReadFile(filepath.Join(e.Chapter.Dir, name))
			begin = cmp.Or(string(own), "package new")
		}
		_, before, err := declarations(begin)
		require.NoError(t, err)
		for key, d := range after {
			if _, body, isFunction := strings.Cut(d.code, "{\n"); isFunction && d.code != before[key].code {
				pieces = append(pieces, body)
			}
		}
	}
	return pieces
}

// TestEveryTestSaysWhat proves that there is a sentence for every test that a reader may see fail.
func TestEveryTestSaysWhat(t *testing.T) {
	t.Chdir("../../..")
	all, _, err := chapters.Find()
	require.NoError(t, err)
	for _, c := range all {
		here, _, err := findTests(c.Dir)
		require.NoError(t, err)
		a := Attempt{dir: c.Dir}
		for folder, names := range here {
			for _, name := range names {
				if !strings.HasPrefix(name, "Example") {
					o := a.withPromise(folder, Outcome{Test: name, State: Failed})
					assert.NotEmpty(t, o.Promise, "chapter %d, %s: %s has no comment that says what it proves", c.Number, folder, name)
				}
			}
		}
	}
}
