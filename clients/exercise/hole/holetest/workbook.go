// Package holetest makes a workbook of one small chapter and one exercise, for tests.
package holetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/diff"
)

// Code is the chapter's code. Stub has the hole in it.
const (
	Code = `package adder

// Add returns the sum.
func Add(a, b int) int {
	return a + b
}
`
	Stub = `package adder

// Add returns the sum.
func Add(a, b int) int {
	return a
}
`
)

const tests = `package adder

import "testing"

// TestAdd proves that small numbers are added.
func TestAdd(t *testing.T) {
	t.Run("small numbers", func(t *testing.T) {
		if got := Add(2, 3); got != 5 {
			t.Errorf("2+3 is not %d", got)
		}
	})
	t.Log("not a failure")
}

func TestZero(t *testing.T) {
	if Add(7, 0) != 7 {
		t.Error("7+0 is 7")
	}
}

// TestLarge proves that large ones are.
func TestLarge(t *testing.T) {
	if Add(1, 1000) != 1001 {
		t.Error("1+1000 is 1001")
	}
}

func TestElsewhere(t *testing.T) { t.Skip("not on this system") }
`

// Patch makes Stub of Code.
var Patch = diff.Unified("add.go", Code, Stub)

// wrong returns a wrong solution: a function that returns something else.
func wrong(file, code, right, result, test string) string {
	return "It is wrong.\n\n" + test + "\n\n" + diff.Unified(file, code, strings.Replace(code, "return "+right, "return "+result, 1))
}

// Two makes the chapter one with a second function in the same file, and a second exercise there,
// whose answer the first one hides.
func Two(t *testing.T) {
	const lower = "\treturn strings.ToLower(s)\n"
	code := strings.Replace(Code, "// Add", "// Lower returns the text in small letters.\nfunc Lower(s string) string {\n"+lower+"}\n\n// Add", 1)
	stub := strings.Replace(code, lower, "\treturn s\n", 1)
	code = strings.Replace(code, "package adder\n", "package adder\n\nimport \"strings\"\n", 1)
	workbook(t, code)
	Edit(t, "chapter01-adder/add_test.go", "func TestZero", "func TestLower(t *testing.T) {\n\tif Lower(\"A\") != \"a\" {\n\t\tt.Error(\"A is a\")\n\t}\n}\n\nfunc TestZero")
	Write(t, "chapter01-adder/exercises/2-lower.md", strings.NewReplacer("# Add", "# Lower", "TestAdd", "TestLower", "2+3 is not 2", "A is a",
		"## These fail too\n\n- `TestLarge`: the same.\n\n", "").Replace(text))
	Write(t, "chapter01-adder/exercises/2-lower.patch", diff.Unified("add.go", code, stub))
	Edit(t, "chapter01-adder/exercises/1-add.patch", "diff --git", "Hides 1.2\n\ndiff --git")
}

// Task adds a task to the workbook, 1.2: a package with a stub, a test, and a solution that adds a file.
func Task(t *testing.T) {
	const (
		folder = "chapter01-adder/exercises/testdata/2-double/"
		stub   = "package double\n\n// Double returns twice n.\nfunc Double(n int) int {\n\treturn n\n}\n"
		two    = "diff --git a/double/two.go b/double/two.go\nnew file mode 100644\n--- /dev/null\n+++ b/double/two.go\n" +
			"@@ -0,0 +1,3 @@\n+package double\n+\n+const two = 2\n"
	)
	solution := strings.Replace(stub, "return n", "return two * n", 1)
	Workbook(t)
	Write(t, folder+"start/double/double.go", stub)
	Write(t, folder+"tests/double/double_test.go", "package double\n\nimport \"testing\"\n\n// TestDouble proves that 3 is doubled.\n"+
		"func TestDouble(t *testing.T) {\n\tif Double(3) != 6 {\n\t\tt.Errorf(\"twice 3 is not %d\", Double(3))\n\t}\n}\n")
	Write(t, folder+"solution.patch", diff.Unified("double/double.go", stub, solution)+two)
	Write(t, "chapter01-adder/exercises/2-double.md", strings.NewReplacer("# Add", "# Double", "**Core", "**Transfer", "TestAdd", "TestDouble",
		"2+3 is not 2", "twice 3 is not 3", "## These fail too\n\n- `TestLarge`: the same.\n\n", "").Replace(text))
	for name, result := range map[string]string{"a": "n", "b": "two", "square": "n * n", "seven": "7"} {
		Write(t, WrongFolder+"1.2-"+name+".patch", wrong("double/double.go", solution, "two * n", result, "TestDouble"))
	}
}

// text is the exercise's text.
const text = "# Add\n\nWhy it is worth it.\n\n**Core, 5 minutes.** Open `add.go`.\n\n## Your task\n\nAdd them up.\n\n" +
	"## When it works\n\nYou see.\n\n## Tests\n\n- `TestAdd` says `2+3 is not 2`: b is\n  missing.\n\n" +
	"## These fail too\n\n- `TestLarge`: the same.\n\n## Hints\n\n" +
	"<details>\n<summary>Hint 1</summary>\n\nLook at b.\n\n</details>\n" +
	"<details>\n<summary>Hint 2</summary>\n\nUse a plus.\n\n</details>\n"

// Workbook makes the workbook the current folder until the test ends.
func Workbook(t *testing.T) { workbook(t, Code) }

func workbook(t *testing.T, code string) {
	t.Chdir(t.TempDir())
	t.Setenv("WORKBOOK_MY", "")
	for name, content := range map[string]string{
		"go.mod":                "module example.com/adder\n\ngo 1.26.0\n",
		"add.go":                code,
		"add_test.go":           tests,
		"README.md":             "the solution\n",
		"exercises/1-add.md":    text,
		"exercises/1-add.patch": diff.Unified("add.go", code, strings.Replace(code, "a + b", "a", 1)),
	} {
		Write(t, "chapter01-adder/"+name, content)
	}
	for name, result := range map[string]string{"a": "a", "b": "b", "xor": "a ^ b&^8", "seven": "7"} {
		Write(t, WrongFolder+"1.1-"+name+".patch", wrong("add.go", code, "a + b", result, "TestLarge"))
	}
}

// WrongFolder is where the wrong solutions are.
const WrongFolder = "clients/exercise/testdata/wrong/"

// Write writes a file.
func Write(t *testing.T, path, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// Edit replaces a part of a file, which must be there.
func Edit(t *testing.T, path, old, new string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	Write(t, path, strings.ReplaceAll(string(text), old, new))
}
