package hole

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

const taskFolder = folder + "exercises/testdata/2-double/"

// task returns the workbook's task.
func task(t *testing.T) Exercise {
	t.Helper()
	exercises, err := load(t)
	require.NoError(t, err)
	e, err := Find(exercises, "1.2")
	require.NoError(t, err)
	return e
}

// TestTask proves that a task begins with the chapter and its own files and tests, and without a
// solution; and that its tests and the chapter's judge it.
func TestTask(t *testing.T) {
	holetest.Task(t)
	e := task(t)
	require.NoError(t, e.Start("copy"))
	files, err := readFiles("copy", func(string) bool { return true })
	require.NoError(t, err)
	for _, name := range []string{"add.go", "add_test.go", "double/double.go", "double/double_test.go"} {
		assert.Contains(t, files, name)
	}
	assert.NotContains(t, files, "double/two.go")
	assert.Len(t, files, 6, "go.mod and go.work, and nothing of the folder exercises")
	assert.Equal(t, holetest.Code, files["add.go"])
	places, err := e.Places()
	require.NoError(t, err)
	assert.Equal(t, []Place{{"double/double.go", 5, "Double"}}, places)

	holetest.Edit(t, "copy/double/double.go", "return n", "return n + n")
	holetest.Edit(t, "copy/add.go", "a + b", "a")
	a := e.compiled(t, "TestDouble")
	assert.False(t, a.Restored)
	assert.Equal(t, Passed, a.outcomeOf(t, "TestDouble").State)
	assert.Equal(t, "TestAdd/small_numbers", a.restOf(t, "TestDouble").Test, "the chapter's own tests must pass too")
}

// TestProveTask proves that a task whose solution or wrong solutions are none is found.
func TestProveTask(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, test := range []struct{ name, path, old, new, want string }{
		{"the solution is wrong", taskFolder + "solution.patch", "const two = 2", "const two = 3", "TestDouble fails in the solution"},
		{"it begins solved", taskFolder + "tests/double/double_test.go", "!= 6", "== 7", "TestDouble passes with the hole"},
		{"a wrong one does not fit", holetest.WrongFolder + "1.2-a.patch", "-\treturn two", "-\treturn 2", "does not fit double/double.go any more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			holetest.Task(t)
			holetest.Edit(t, test.path, test.old, test.new)
			expect(t, test.want, task(t).Prove(t.Context(), false))
		})
	}
	holetest.Task(t)
	assert.NoError(t, task(t).Prove(t.Context(), true))
	assert.NoError(t, task(t).ProveWrong(t.Context()))
	assert.NoError(t, task(t).ProveSolution(t.Context()))
}

// TestSolutionOfTask proves that a solution which passes its tests is looked at more closely.
func TestSolutionOfTask(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, test := range []struct{ name, new, want string }{
		{"two goroutines write", "var two = func() (n int) { c := make(chan int); go func() { n = 1; c <- 1 }(); n = 1; <-c; return 2 }()", "DATA RACE"},
		{"vet complains", "var two = 2; var _ = func() { two = two }", "go vet for linux"},
	} {
		t.Run(test.name, func(t *testing.T) {
			holetest.Task(t)
			holetest.Edit(t, taskFolder+"solution.patch", "const two = 2", test.new)
			assert.ErrorContains(t, task(t).ProveSolution(t.Context()), test.want)
		})
	}
}

// TestRenewTask proves that a task's solution follows its beginning, and its wrong solutions the solution.
func TestRenewTask(t *testing.T) {
	holetest.Task(t)
	changed, err := task(t).Renew()
	require.NoError(t, err)
	assert.False(t, changed)
	holetest.Edit(t, taskFolder+"start/double/double.go", "package double\n", "package double\n\nvar moved int\n")
	changed, err = task(t).Renew()
	require.NoError(t, err)
	assert.True(t, changed)
	solution, err := task(t).Solution()
	require.NoError(t, err)
	assert.Contains(t, solution["double/double.go"], "var moved int")
	assert.Contains(t, solution["double/two.go"], "const two = 2")
	_, err = task(t).wrongs()
	assert.NoError(t, err)
	text, err := os.ReadFile(holetest.WrongFolder + "1.2-square.patch")
	require.NoError(t, err)
	assert.Contains(t, string(text), "@@ -4,5 +4,5 @@")
}
