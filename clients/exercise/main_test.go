package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// call runs the program as a reader would, and returns what it prints.
func call(t *testing.T, args ...string) (string, error) {
	return answered(t, "", args...)
}

// answered is call for a program that asks.
func answered(t *testing.T, answer string, args ...string) (string, error) {
	var out strings.Builder
	err := run(t.Context(), args, strings.NewReader(answer), terminal.Pipe(&out))
	return out.String(), err
}

// must returns what the program prints when it has nothing to complain of.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := call(t, args...)
	require.NoError(t, err)
	return out
}

const mine = "my/1.1-add/add.go"

// TestWayThrough does an exercise from the list to the solution.
func TestWayThrough(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	holetest.Workbook(t)
	assert.Contains(t, must(t), "0 of 1 exercises solved")
	assert.Contains(t, must(t, "list"), "Next is 1.1, Add: go run ./clients/exercise start 1.1")

	out := must(t, "start", "1.1")
	assert.Contains(t, out, "Why it is worth it.")
	assert.Contains(t, out, "Open   "+filepath.FromSlash(mine)+":5, Add")
	assert.Contains(t, must(t), "You have begun 1.1, Add.")

	out, err := call(t, "check")
	assert.ErrorIs(t, err, errNotYet)
	assert.Equal(t, strings.Join([]string{
		"1.1 Add  in " + filepath.FromSlash("my/1.1-add"), "",
		"✗ TestAdd  fails",
		"    add_test.go:9 (small numbers): 2+3 is not 2",
		"    b is missing.", "",
		"Not yet. 0 of 1. You'll find it. If you are stuck: go run ./clients/exercise hint", "",
	}, "\n"), out)

	holetest.Edit(t, mine, "return a", "return a +")
	out, err = call(t, "check", "1.1")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, filepath.FromSlash(mine)+":6:1: syntax error")

	holetest.Edit(t, mine, "return a +", "if b > 100 { return 0 }; return a + b")
	out, err = call(t, "check")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, "✓ TestAdd\n✗ TestLarge  fails\n    add_test.go:24: 1+1000 is 1001\n    TestLarge proves that large ones are.\n")
	assert.Contains(t, must(t), "0 of 1")

	holetest.Edit(t, mine, "if b > 100 { return 0 }; ", "")
	out = must(t, "check")
	assert.Contains(t, out, "✓ TestAdd\n✓ all other tests of the chapter\n\nSolved: Add.\n")
	assert.Contains(t, must(t), "✓ 1.1  Add  core        5 min\n\nYou have solved them all.")
	assert.Contains(t, must(t, "solution"), "Your add.go is the book's, to the byte.")
	holetest.Edit(t, mine, "a + b", "b + a")
	assert.Regexp(t, `   return b \+ a +\|    return a \+ b`, must(t, "solution"))

	require.NoError(t, os.Remove("my/progress.json"))
	assert.Contains(t, must(t), "0 of 1")
	assert.FileExists(t, mine)
}

// TestStartAgain proves that nothing is ever overwritten.
func TestStartAgain(t *testing.T) {
	holetest.Workbook(t)
	must(t, "start", "1.1")
	holetest.Edit(t, mine, "return a", "return 7")
	_, err := call(t, "start", "1.1")
	assert.ErrorContains(t, err, filepath.FromSlash("my/1.1-add")+" is there already, and stays as it is")
	assert.ErrorContains(t, err, "start 1.1 -again")
	for _, aside := range []string{"my/1.1-add.1", "my/1.1-add.2"} {
		assert.Contains(t, must(t, "start", "-again", "1.1"), filepath.FromSlash(aside))
	}
	first, err := os.ReadFile("my/1.1-add.1/add.go")
	assert.NoError(t, err)
	assert.Contains(t, string(first), "return 7")
	now, err := os.ReadFile(mine)
	assert.NoError(t, err)
	assert.Equal(t, holetest.Stub, string(now))
}

// TestDir proves that a folder of the reader's choice is remembered, and that flags may come
// before and after the number.
func TestDir(t *testing.T) {
	holetest.Workbook(t)
	must(t, "start", "1.1", "-dir", "a")
	must(t, "start", "-dir=b", "1.1")
	holetest.Edit(t, "a/add.go", "return a", "return a + b")
	_, err := call(t, "check", "1.1")
	assert.ErrorIs(t, err, errNotYet, "the last one")
	must(t, "check", "1.1", "-dir", "a")
	assert.NoDirExists(t, "my/1.1-add")
}

func TestElsewhere(t *testing.T) {
	holetest.Workbook(t)
	must(t, "start", "1.1")
	t.Chdir("chapter01-adder/exercises")
	out, err := call(t, "check")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, "in "+filepath.FromSlash("../../my/1.1-add"))
	assert.Contains(t, out, "If you are stuck: go run ../../clients/exercise hint")
}

// TestMistakes proves that what can't be done is not taken for a wrong attempt.
func TestMistakes(t *testing.T) {
	holetest.Workbook(t)
	for _, test := range []struct{ args, want string }{
		{"chek", `what is "chek"?`},
		{"list 1.1", `what is "1.1"?`},
		{"start", "which one?"},
		{"check", "which one?"},
		{"start 1.2", `there is no exercise "1.2"`},
		{"check 1.1", "begin with exercise start 1.1"},
		{"check 1.1 2.2", "one exercise at a time"},
		{"check -again 1.1", "flag provided but not defined"},
		{"hint 7", `there is no exercise "7"`},
	} {
		_, err := call(t, strings.Fields(test.args)...)
		assert.ErrorContains(t, err, test.want)
		assert.False(t, errors.Is(err, errNotYet), test.args)
	}
	assert.Contains(t, must(t, "help"), "exercise watch")
	assert.Contains(t, must(t, "check", "-h"), "exercise watch")
}

func TestHints(t *testing.T) {
	holetest.Workbook(t)
	for _, want := range []string{"Hint 1 of 2 for 1.1, Add:\n\nLook at b.", "Use a plus.", "Use a plus.\n\nThat is the last one."} {
		assert.Contains(t, must(t, "hint", "1.1"), want)
	}
}

// TestSolutionAsks proves that nobody sees a solution by mistake.
func TestSolutionAsks(t *testing.T) {
	holetest.Workbook(t)
	for answer, shown := range map[string]bool{"": false, "\n": false, "n\n": false, "y\n": true, "Yes\n": true} {
		out, err := answered(t, answer, "solution", "1.1")
		assert.NoError(t, err)
		assert.Contains(t, out, "You have not solved 1.1 yet.")
		assert.Equal(t, shown, strings.Contains(out, "-\treturn a\n+\treturn a + b\n"), "%q", answer)
	}
	out := must(t, "solution", "1.1", "-yes")
	assert.Contains(t, out, "+\treturn a + b")
	assert.NotContains(t, out, "You have not")
}

// TestAuthors proves that the commands for authors end with what they find.
func TestAuthors(t *testing.T) {
	holetest.Workbook(t)
	assert.Equal(t, "✓ 1.1 Add\n", must(t, "prove"))
	assert.Contains(t, must(t, "renew"), "1 of 1 patches fit")
	holetest.Edit(t, "chapter01-adder/add.go", "package adder", "package adder\n")
	out, err := call(t, "prove", "1.1")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, "✗ 1.1 Add\n")
	assert.Contains(t, must(t, "renew", "1.1"), "✓ 1.1 Add: made anew")
	must(t, "prove", "1.1")
	holetest.Edit(t, "chapter01-adder/add.go", "a + b", "b + a")
	out, err = call(t, "renew")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, "0 of 1 patches fit")
}

// TestWatch saves a solution while watch looks on, and then a mistake.
func TestWatch(t *testing.T) {
	holetest.Workbook(t)
	must(t, "start", "1.1")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	printed, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"watch"}, nil, terminal.Pipe(out))
		out.Close()
	}()
	lines := bufio.NewScanner(printed)
	await := func(text string) {
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		require.Fail(t, "this does not come: "+text)
	}
	await("Not yet. 0 of 1.")
	await("Watching ")
	holetest.Edit(t, mine, "return a", "return a + b")
	await("Solved: Add.")
	await("Watching ")
	holetest.Edit(t, mine, "return a + b", "return a + c")
	await("undefined: c")
	await("Watching ")
	cancel()
	go io.Copy(io.Discard, printed)
	assert.NoError(t, <-done)
}

// TestNext proves that nobody is sent to the next chapter while one of this chapter's
// exercises is left, and that those that were left behind come at the end.
func TestNext(t *testing.T) {
	var exercises []hole.Exercise
	for _, id := range []string{"1.1", "1.2", "1.3", "2.1", "3.1"} {
		number := int(id[0] - '0')
		exercises = append(exercises, hole.Exercise{ID: id, Chapter: chapters.Chapter{Number: number}})
	}
	tests := []struct {
		solved []string
		want   string
	}{
		{nil, "1.1"},
		{[]string{"1.1"}, "1.2"},
		{[]string{"1.3"}, "1.1"},
		{[]string{"1.1", "1.2", "1.3"}, "2.1"},
		{[]string{"2.1"}, "3.1"},
		{[]string{"2.1", "3.1"}, "1.1"},
	}
	for _, test := range tests {
		a := &app{desk: &desk.Desk{Exercises: exercises}, progress: &hole.Progress{Solved: make(map[string]bool)}}
		for _, id := range test.solved {
			a.progress.Solved[id], a.progress.Last = true, id
		}
		assert.Contains(t, a.next(), "Next is "+test.want+",", "after %v", test.solved)
	}
}

// TestStartProject: who begins with the whole chapter is told where his copy is, and reads what there
// is to do in lines that fit.
func TestStartProject(t *testing.T) {
	holetest.Task(t)
	require.NoError(t, os.RemoveAll("chapter01-adder/exercises/testdata/2-double/start"))
	long := strings.Repeat("many words ", 10)
	holetest.Edit(t, "chapter01-adder/exercises/2-double.md", "Add them up.", "- "+long+"\n  to the end.\n- Short.")
	out := must(t, "start", "1.2")
	assert.Contains(t, out, "Open   "+filepath.FromSlash("my/1.2-double")+"\n")
	assert.Regexp(t, `(?m)^- many words .*\n  .*many words to the end\.\n- Short\.$`, out)
}

// TestTaskWayThrough does a task, whose solution adds a file.
func TestTaskWayThrough(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	holetest.Task(t)
	assert.Contains(t, must(t), "1.2  Double  transfer    5 min")
	assert.Contains(t, must(t, "start", "1.2"), "Open   "+filepath.FromSlash("my/1.2-double/double/double.go")+":5, Double")
	out, err := call(t, "check")
	assert.ErrorIs(t, err, errNotYet)
	assert.Contains(t, out, "✗ TestDouble  fails\n    double_test.go:8: twice 3 is not 3\n    b is missing.\n")
	holetest.Edit(t, "my/1.2-double/double/double.go", "return n", "return n + n")
	assert.Contains(t, must(t, "check"), "✓ TestDouble\n✓ all other tests of the chapter\n\nSolved: Double.\n")
	out = must(t, "solution")
	assert.Contains(t, out, "-\treturn n\n+\treturn two * n\n")
	assert.Contains(t, out, "+const two = 2")
	assert.Regexp(t, `   return n \+ n +\|    return two \* n`, out)
}
