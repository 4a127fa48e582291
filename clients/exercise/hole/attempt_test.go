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
func attempt(t *testing.T, body string) (*Attempt, error) {
	holetest.Workbook(t)
	e := only(t)
	require.NoError(t, e.Start("copy"))
	holetest.Edit(t, "copy/add.go", "return a", body)
	return e.NewAttempt(t.Context(), "copy", t.TempDir())
}

// tried returns the outcome of a test with another body of Add.
func tried(t *testing.T, test, body string) Outcome {
	a, err := attempt(t, body)
	require.NoError(t, err)
	return a.outcomeOf(t, test)
}

func (a *Attempt) outcomeOf(t *testing.T, test string) Outcome {
	o, err := a.Test(t.Context(), test)
	require.NoError(t, err)
	return o
}

func TestOutcomes(t *testing.T) {
	right, err := attempt(t, "return a + b")
	require.NoError(t, err)
	assert.Equal(t, Outcome{Test: "TestAdd"}, right.outcomeOf(t, "TestAdd"))
	assert.Equal(t, Outcome{Test: "TestAdd/small numbers"}, right.outcomeOf(t, "TestAdd/small numbers"))
	assert.Equal(t, Outcome{Test: "TestElsewhere", State: Skipped}, right.outcomeOf(t, "TestElsewhere"))
	assert.Equal(t, Vanished, right.outcomeOf(t, "TestAdd/no such test").State)

	wrong, err := attempt(t, "return a")
	require.NoError(t, err)
	const message = "add_test.go:9 (small numbers): 2+3 is not 2"
	assert.Equal(t, Outcome{"TestAdd", Failed, message, nil, "TestAdd proves that small numbers are added."}, wrong.outcomeOf(t, "TestAdd"))
	assert.Equal(t, Outcome{"TestAdd/small numbers", Failed, message, nil, "TestAdd proves that small numbers are added."}, wrong.outcomeOf(t, "TestAdd/small numbers"))
}

func TestPanics(t *testing.T) {
	o := tried(t, "TestAdd", "var none []int; return none[a]")
	assert.Equal(t, Panicked, o.State)
	assert.Contains(t, o.Message, "panic: runtime error: index out of range [2] with length 0")
	assert.Equal(t, []Frame{{"add.go:5", "Add"}}, o.Frames)

	o = tried(t, "TestAdd", "return Add(a, b)") // it exhausts the stack
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
		a, err := attempt(t, body)
		require.NoError(t, err)
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
	e := only(t)
	require.NoError(t, e.Start("copy"))
	holetest.Edit(t, "copy/add.go", "return a", "c := make(chan int); return <-c")
	a, err := e.NewAttempt(t.Context(), "copy", t.TempDir())
	require.NoError(t, err)
	o := a.outcomeOf(t, "TestZero")
	assert.Equal(t, Hung, o.State)
	assert.Contains(t, o.Message, "it waits for ever in Add (chan receive)")
	assert.Equal(t, []Frame{{"add.go:5", "Add"}}, o.Frames)
}

// TestEndOfProcess proves that an attempt which ends the test is not taken for one that
// passes it.
func TestEndOfProcess(t *testing.T) {
	holetest.Workbook(t)
	e := only(t)
	require.NoError(t, e.Start("copy"))
	for _, status := range []string{"0", "1"} {
		holetest.Write(t, "copy/exit.go", "package adder\n\nimport \"os\"\n\nfunc init() { os.Exit("+status+") }\n")
		a, err := e.NewAttempt(t.Context(), "copy", t.TempDir())
		require.NoError(t, err)
		o, err := a.Test(t.Context(), "TestAdd")
		require.NoError(t, err)
		assert.Equal(t, Vanished, o.State, "status %s", status)
		o, err = a.Rest(t.Context(), nil)
		require.NoError(t, err)
		assert.NotEqual(t, Passed, o.State, "status %s", status)
	}
}

func TestCompileErrors(t *testing.T) {
	_, err := attempt(t, "return a +")
	var compile *CompileError
	require.ErrorAs(t, err, &compile)
	assert.True(t, strings.HasPrefix(compile.Output, "add.go:6:1: syntax error"), compile.Output)
	_, err = attempt(t, "return a + c")
	require.ErrorAs(t, err, &compile)
	assert.Equal(t, "add.go:5:13: undefined: c", compile.Output)
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
			e := only(t)
			require.NoError(t, e.Start("copy"))
			edit(t)
			before, err := readFiles("copy", isTest)
			require.NoError(t, err)
			a, err := e.NewAttempt(t.Context(), "copy", t.TempDir())
			require.NoError(t, err)
			assert.True(t, a.Restored)
			o, err := a.Test(t.Context(), "TestAdd")
			require.NoError(t, err)
			assert.Equal(t, Failed, o.State)
			after, err := readFiles("copy", isTest)
			require.NoError(t, err)
			assert.Equal(t, before, after)
		})
	}
	a, err := attempt(t, "return a + b")
	require.NoError(t, err)
	assert.False(t, a.Restored)
}

// TestOtherSystems proves that a test which is not compiled here is skipped.
func TestOtherSystems(t *testing.T) {
	holetest.Workbook(t)
	holetest.Write(t, folder+"far_test.go", "//go:build plan9\n\npackage adder\n\nimport \"testing\"\n\nfunc TestFar(*testing.T) {}\n")
	e := only(t)
	require.NoError(t, e.Start("copy"))
	a, err := e.NewAttempt(t.Context(), "copy", t.TempDir(), "TestFar", "TestAdd")
	require.NoError(t, err)
	assert.Equal(t, Outcome{Test: "TestFar", State: Skipped}, a.outcomeOf(t, "TestFar"))
	_, err = a.Rest(t.Context(), []string{"TestFar"})
	assert.NoError(t, err)
}

func TestRest(t *testing.T) {
	a, err := attempt(t, "if b > 100 { return 0 }; return a + b")
	require.NoError(t, err)
	o, err := a.Rest(t.Context(), []string{"TestLarge"})
	assert.NoError(t, err)
	assert.Equal(t, Passed, o.State)
	o, err = a.Rest(t.Context(), []string{"TestAdd/small numbers"})
	assert.NoError(t, err)
	assert.Equal(t, Outcome{Test: "TestLarge", State: Failed, Message: "add_test.go:24: 1+1000 is 1001", Promise: "TestLarge proves that large ones are."}, o)
	_, err = a.Rest(t.Context(), []string{"TestNothing"})
	assert.EqualError(t, err, "the chapter has no test TestNothing")
}

func TestCancel(t *testing.T) {
	a, err := attempt(t, "for { a++ }")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = a.Test(ctx, "TestAdd")
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
