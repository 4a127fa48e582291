package hole

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestStrict proves that a patch whose lines have moved, or have changed around it, does not
// fit; and that renew makes it fit again.
func TestStrict(t *testing.T) {
	for _, test := range []struct{ name, old, new string }{
		{"moved", "package adder\n", "package adder\n\n// New.\n"},
		{"context", "// Add returns the sum.", "// Add returns a sum."},
	} {
		t.Run(test.name, func(t *testing.T) {
			holetest.Workbook(t)
			changed, err := only(t).Renew()
			assert.NoError(t, err)
			assert.False(t, changed, "it fits")

			holetest.Edit(t, folder+"add.go", test.old, test.new)
			_, err = only(t).Hole()
			assert.ErrorContains(t, err, "exercise renew")
			changed, err = only(t).Renew()
			assert.NoError(t, err)
			assert.True(t, changed)
			hole, err := only(t).Hole()
			assert.NoError(t, err)
			want := strings.Replace(holetest.Stub, test.old, test.new, 1)
			assert.Equal(t, map[string]string{"add.go": want}, hole)
		})
	}
}

// TestRenewFails proves that a hole is not dug where its lines are not, or are twice.
func TestRenewFails(t *testing.T) {
	for _, code := range []string{
		strings.ReplaceAll(holetest.Code, "a + b", "b + a"),
		"package adder\n" + strings.Repeat("\nfunc Add(a, b int) int {\n\treturn a + b\n}\n", 2),
	} {
		holetest.Workbook(t)
		holetest.Write(t, folder+"add.go", code)
		_, err := only(t).Renew()
		assert.ErrorContains(t, err, "add.go: these lines are not there any more, or not once")
		assert.ErrorContains(t, err, "return a + b")
		left, err := os.ReadFile(patch)
		require.NoError(t, err)
		assert.Equal(t, holetest.Patch, string(left))
	}
}

func TestPatchesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "no unified diff",
		"From a letter:\n" + holetest.Patch: "no unified diff",
		"diff --git a/new.go b/new.go\nnew file mode 100644\n--- /dev/null\n+++ b/new.go\n@@ -0,0 +1 @@\n+package adder\n": "nothing else",
	} {
		holetest.Workbook(t)
		holetest.Write(t, patch, text)
		_, err := only(t).Hole()
		assert.ErrorContains(t, err, want)
	}
}

func TestSideBySide(t *testing.T) {
	rows := SideBySide("same\nmine is longer\nmine too\nend\n", "same\n\tbook\nend\n", 23)
	assert.Equal(t, []string{
		"same         same",
		"mine is l… |    book",
		"mine too   |",
		"end          end",
	}, rows)
}
