package hole

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// attempt makes a working copy with another body of Add, and compiles it.
func attempt(t *testing.T, body string) *Attempt {
	t.Helper()
	holetest.Workbook(t)
	e := start(t)
	holetest.Edit(t, "copy/add.go", "return a", body)
	return e.compiled(t)
}

// compiled compiles what is in the copy.
func (e Exercise) compiled(t *testing.T, tests ...string) *Attempt {
	t.Helper()
	a, err := e.NewAttempt(t.Context(), "copy", t.TempDir(), tests...)
	require.NoError(t, err)
	return a
}

func (a *Attempt) outcomeOf(t *testing.T, test string) Outcome {
	t.Helper()
	o, err := a.Test(t.Context(), test)
	require.NoError(t, err)
	return o
}

// restOf returns the outcome of all tests but those that are named.
func (a *Attempt) restOf(t *testing.T, without ...string) Outcome {
	t.Helper()
	o, err := a.Rest(t.Context(), without)
	require.NoError(t, err)
	return o
}

func TestOutcomes(t *testing.T) {
	right := attempt(t, "return a + b")
	assert.False(t, right.Restored)
	assert.Equal(t, Outcome{Test: "TestAdd"}, right.outcomeOf(t, "TestAdd"))
	assert.Equal(t, Outcome{Test: "TestAdd/small numbers"}, right.outcomeOf(t, "TestAdd/small numbers"))
	assert.Equal(t, Outcome{Test: "TestElsewhere", State: Skipped}, right.outcomeOf(t, "TestElsewhere"))
	assert.Equal(t, Vanished, right.outcomeOf(t, "TestAdd/no such test").State)

	wrong := attempt(t, "return a")
	const message = "add_test.go:9 (small numbers): 2+3 is not 2"
	assert.Equal(t, Outcome{"TestAdd", Failed, message, nil, "TestAdd proves that small numbers are added."}, wrong.outcomeOf(t, "TestAdd"))
	assert.Equal(t, Outcome{"TestAdd/small numbers", Failed, message, nil, "TestAdd proves that small numbers are added."}, wrong.outcomeOf(t, "TestAdd/small numbers"))
}

func TestPanics(t *testing.T) {
	o := attempt(t, "var none []int; return none[a]").outcomeOf(t, "TestAdd")
	assert.Equal(t, Panicked, o.State)
	assert.Contains(t, o.Message, "panic: runtime error: index out of range [2] with length 0")
	assert.Equal(t, []Frame{{"add.go:5", "Add"}}, o.Frames)

	o = attempt(t, "return Add(a, b)").outcomeOf(t, "TestAdd") // it exhausts the stack
	assert.Equal(t, Panicked, o.State)
	assert.Len(t, o.Frames, 3)
}

// TestHangs proves that code which hangs is ended, and is told where it was.
func TestHangs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for body, want := range map[string]string{
		"for { a++ }":                     "it runs and runs in Add",
		"c := make(chan int); return <-c": "it waits in Add (chan receive)",
	} {
		a := attempt(t, body)
		a.limit = time.Second
		o := a.outcomeOf(t, "TestAdd")
		assert.Equal(t, Hung, o.State, body)
		assert.Equal(t, want, o.Message)
		require.Len(t, o.Frames, 1)
		assert.Equal(t, "Add", o.Frames[0].Function)
		assert.True(t, strings.HasPrefix(o.Frames[0].Place, "add.go:"))
	}
}

// TestDeadlock proves that a deadlock which Go itself finds is told like one that hangs.
func TestDeadlock(t *testing.T) {
	holetest.Workbook(t)
	holetest.Edit(t, folder+"add_test.go", "import \"testing\"", "import (\n\t\"testing\"\n\t\"testing/synctest\"\n)")
	holetest.Edit(t, folder+"add_test.go", "if Add(7, 0) != 7 {", "synctest.Test(t, func(*testing.T) { Add(7, 0) })\n\tif false {")
	e := start(t)
	holetest.Edit(t, "copy/add.go", "return a", "c := make(chan int); return <-c")
	o := e.compiled(t).outcomeOf(t, "TestZero")
	assert.Equal(t, Hung, o.State)
	assert.Contains(t, o.Message, "it waits for ever in Add (chan receive)")
	assert.Equal(t, []Frame{{"add.go:5", "Add"}}, o.Frames)
}

// TestEndOfProcess proves that an attempt which ends the test is not taken for one that
// passes it.
func TestEndOfProcess(t *testing.T) {
	holetest.Workbook(t)
	e := start(t)
	for _, status := range []string{"0", "1"} {
		holetest.Write(t, "copy/exit.go", "package adder\n\nimport \"os\"\n\nfunc init() { os.Exit("+status+") }\n")
		a := e.compiled(t)
		assert.Equal(t, Vanished, a.outcomeOf(t, "TestAdd").State, "status %s", status)
		assert.NotEqual(t, Passed, a.restOf(t).State, "status %s", status)
	}
}

func TestCompileErrors(t *testing.T) {
	for body, want := range map[string]string{"return a +": "add.go:6:1: syntax error", "return a + c": "add.go:5:13: undefined: c"} {
		holetest.Workbook(t)
		e := start(t)
		holetest.Edit(t, "copy/add.go", "return a", body)
		_, err := e.NewAttempt(t.Context(), "copy", t.TempDir())
		var compile *CompileError
		require.ErrorAs(t, err, &compile)
		assert.True(t, strings.HasPrefix(compile.Output, want), compile.Output)
	}
}

// TestEditedTests proves that the chapter's tests are the judge, whatever is done to the
// copy's, and that the copy stays as it is.
func TestEditedTests(t *testing.T) {
	edits := map[string]func(t *testing.T){
		"changed": func(t *testing.T) { holetest.Edit(t, "copy/add_test.go", "!= 5", "!= 2") },
		"added": func(t *testing.T) {
			holetest.Write(t, "copy/main_test.go", "package adder\n\nimport \"testing\"\n\nfunc TestMain(*testing.M) {}\n")
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			holetest.Workbook(t)
			e := start(t)
			edit(t)
			before, err := readFiles("copy", isTest)
			require.NoError(t, err)
			a := e.compiled(t)
			assert.True(t, a.Restored)
			assert.Equal(t, Failed, a.outcomeOf(t, "TestAdd").State)
			after, err := readFiles("copy", isTest)
			require.NoError(t, err)
			assert.Equal(t, before, after)
		})
	}
}

// TestOtherSystems proves that a test which is not compiled here is skipped.
func TestOtherSystems(t *testing.T) {
	holetest.Workbook(t)
	holetest.Write(t, folder+"far_test.go", "//go:build plan9\n\npackage adder\n\nimport \"testing\"\n\nfunc TestFar(*testing.T) {}\n")
	e := start(t)
	a := e.compiled(t, "TestFar", "TestAdd")
	assert.Equal(t, Outcome{Test: "TestFar", State: Skipped}, a.outcomeOf(t, "TestFar"))
	a.restOf(t, "TestFar")
}

func TestRest(t *testing.T) {
	a := attempt(t, "if b > 100 { return 0 }; return a + b")
	assert.Equal(t, Passed, a.restOf(t, "TestLarge").State)
	assert.Equal(t, Outcome{Test: "TestLarge", State: Failed, Message: "add_test.go:24: 1+1000 is 1001", Promise: "TestLarge proves that large ones are."},
		a.restOf(t, "TestAdd/small numbers"))
	_, err := a.Rest(t.Context(), []string{"TestNothing"})
	assert.EqualError(t, err, "the chapter has no test TestNothing")
}

func TestCancel(t *testing.T) {
	a := attempt(t, "for { a++ }")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Test(ctx, "TestAdd")
	assert.True(t, errors.Is(err, context.Canceled), err)
}

func TestFindTests(t *testing.T) {
	all := tests{".": {"TestA", "TestBoth"}, "sub": {"TestB", "TestBoth"}}
	for name, want := range map[string]string{
		"TestA": ". TestA", "TestB/x.y": "sub TestB/x.y", "sub.TestBoth": "sub TestBoth", "main.TestBoth": ". TestBoth",
	} {
		folder, test, err := all.find(name)
		assert.NoError(t, err)
		assert.Equal(t, want, folder+" "+test, name)
	}
	_, _, err := all.find("TestBoth")
	assert.ErrorContains(t, err, "in several packages, write main.TestBoth")
	_, _, err = all.find("other.TestA")
	assert.Error(t, err)
	assert.Equal(t, "^TestA$/^a_\\(b\\)$", pattern("TestA/a (b)"))
}
