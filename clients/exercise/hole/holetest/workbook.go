// Package holetest makes a workbook of one small chapter and one exercise, for tests.
package holetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
const Patch = `diff --git a/add.go b/add.go
--- a/add.go
+++ b/add.go
@@ -2,5 +2,5 @@
 
 // Add returns the sum.
 func Add(a, b int) int {
-	return a + b
+	return a
 }
`

// Two makes the chapter one with a second function in the same file, and a second exercise there,
// whose answer the first one hides.
func Two(t *testing.T) {
	Workbook(t)
	Write(t, "chapter01-adder/add.go", strings.Replace(Code, "// Add", "// Lower returns the text in small letters.\nfunc Lower(s string) string {\n"+
		"\treturn strings.ToLower(s)\n}\n\n// Add", 1))
	Edit(t, "chapter01-adder/add.go", "package adder\n", "package adder\n\nimport \"strings\"\n")
	Edit(t, "chapter01-adder/add_test.go", "func TestZero", "func TestLower(t *testing.T) {\n\tif Lower(\"A\") != \"a\" {\n\t\tt.Error(\"A is a\")\n\t}\n}\n\nfunc TestZero")
	Write(t, "chapter01-adder/exercises/2-lower.md", strings.NewReplacer("# Add", "# Lower", "TestAdd", "TestLower", "2+3 is not 2", "A is a",
		"## These fail too\n\n- `TestLarge`: the same.\n\n", "").Replace(Text))
	Write(t, "chapter01-adder/exercises/2-lower.patch", lowerPatch)
	Write(t, "chapter01-adder/exercises/1-add.patch", "Hides 1.2\n\n"+strings.Replace(Patch, "@@ -2,5 +2,5 @@", "@@ -9,5 +9,5 @@", 1))
	for _, name := range []string{"a", "b", "xor", "seven"} {
		Edit(t, WrongFolder+"1.1-"+name+".patch", "@@ -2,5 +2,5 @@", "@@ -9,5 +9,5 @@")
	}
}

const lowerPatch = `diff --git a/add.go b/add.go
--- a/add.go
+++ b/add.go
@@ -1,10 +1,8 @@
 package adder
 
-import "strings"
-
 // Lower returns the text in small letters.
 func Lower(s string) string {
-	return strings.ToLower(s)
+	return s
 }
 
 // Add returns the sum.
`

// Task adds a task to the workbook, 1.2: a package with a stub, a test, and a solution that adds a file.
func Task(t *testing.T) {
	Workbook(t)
	const folder = "chapter01-adder/exercises/testdata/2-double/"
	Write(t, folder+"start/double/double.go", doubleStub)
	Write(t, folder+"tests/double/double_test.go", "package double\n\nimport \"testing\"\n\n// TestDouble proves that 3 is doubled.\n"+
		"func TestDouble(t *testing.T) {\n\tif Double(3) != 6 {\n\t\tt.Errorf(\"twice 3 is not %d\", Double(3))\n\t}\n}\n")
	Write(t, folder+"solution.patch", doublePatch)
	Write(t, "chapter01-adder/exercises/2-double.md", strings.NewReplacer("# Add", "# Double", "**Core", "**Transfer", "TestAdd", "TestDouble",
		"2+3 is not 2", "twice 3 is not 3", "## These fail too\n\n- `TestLarge`: the same.\n\n", "").Replace(Text))
	for name, result := range map[string]string{"a": "n", "b": "two", "square": "n * n", "seven": "7"} {
		Write(t, WrongFolder+"1.2-"+name+".patch", "It is wrong.\n\nTestDouble\n\n"+strings.Replace(doubleWrong, "RESULT", result, 1))
	}
}

const (
	doubleStub = `package double

// Double returns twice n.
func Double(n int) int {
	return n
}
`
	doublePatch = `diff --git a/double/double.go b/double/double.go
--- a/double/double.go
+++ b/double/double.go
@@ -2,5 +2,5 @@
 
 // Double returns twice n.
 func Double(n int) int {
-	return n
+	return two * n
 }
diff --git a/double/two.go b/double/two.go
new file mode 100644
--- /dev/null
+++ b/double/two.go
@@ -0,0 +1,3 @@
+package double
+
+const two = 2
`
	doubleWrong = `diff --git a/double/double.go b/double/double.go
--- a/double/double.go
+++ b/double/double.go
@@ -2,5 +2,5 @@
 
 // Double returns twice n.
 func Double(n int) int {
-	return two * n
+	return RESULT
 }
`
)

// Wrong is a wrong solution, but for what it returns.
const Wrong = `It is wrong.

TestLarge

diff --git a/add.go b/add.go
--- a/add.go
+++ b/add.go
@@ -2,5 +2,5 @@
 
 // Add returns the sum.
 func Add(a, b int) int {
-	return a + b
+	return RESULT
 }
`

// Text is the exercise's text.
const Text = "# Add\n\nWhy it is worth it.\n\n**Core, 5 minutes.** Open `add.go`.\n\n## Your task\n\nAdd them up.\n\n" +
	"## When it works\n\nYou see.\n\n## Tests\n\n- `TestAdd` says `2+3 is not 2`: b is\n  missing.\n\n" +
	"## These fail too\n\n- `TestLarge`: the same.\n\n## Hints\n\n" +
	"<details>\n<summary>Hint 1</summary>\n\nLook at b.\n\n</details>\n" +
	"<details>\n<summary>Hint 2</summary>\n\nUse a plus.\n\n</details>\n"

// Workbook makes the workbook the current folder until the test ends.
func Workbook(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("WORKBOOK_MY", "")
	for name, text := range map[string]string{
		"go.mod":                "module example.com/adder\n\ngo 1.26.0\n",
		"add.go":                Code,
		"add_test.go":           tests,
		"README.md":             "the solution\n",
		"exercises/1-add.md":    Text,
		"exercises/1-add.patch": Patch,
	} {
		Write(t, "chapter01-adder/"+name, text)
	}
	for name, result := range map[string]string{"a": "a", "b": "b", "xor": "a ^ b&^8", "seven": "7"} {
		Write(t, WrongFolder+"1.1-"+name+".patch", strings.Replace(Wrong, "RESULT", result, 1))
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
