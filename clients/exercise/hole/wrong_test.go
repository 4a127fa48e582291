package hole

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestProveWrong proves that a wrong solution which passes is found, and one that says or proves
// nothing.
func TestProveWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const path = holetest.WrongFolder + "1.1-a.patch"
	tests := []struct{ name, old, new, want string }{
		{"right", "", "", ""},
		{"it passes", "return a\n", "return b + a\n", "1.1-a: TestLarge lets it pass"},
		{"it passes that test", "TestLarge", "TestZero", "1.1-a: TestZero lets it pass"},
		{"no such test", "TestLarge", "TestHuge", "the chapter has no test TestHuge"},
		{"it does not compile", "return a\n", "return c\n", "1.1-a does not compile: add.go:5:9: undefined: c"},
		{"it does not say why", "It is wrong.", "", "it begins with what is wrong"},
		{"it does not say who finds it", "TestLarge", "Somebody", "it begins with what is wrong"},
		{"it does not fit", "return a + b", "return b + a", "does not fit add.go any more"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			holetest.Workbook(t)
			holetest.Edit(t, path, test.old, test.new)
			all, err := only(t).wrongs()
			if err == nil {
				err = only(t).proveWrong(t.Context(), all[0])
			}
			expect(t, test.want, err)
		})
	}
}

// TestProveWrongs proves that all of them are tried, whatever is wrong with one.
func TestProveWrongs(t *testing.T) {
	holetest.Workbook(t)
	for _, name := range []string{"a", "b", "seven", "xor"} {
		holetest.Edit(t, holetest.WrongFolder+"1.1-"+name+".patch", "TestLarge", "TestHuge")
	}
	err := only(t).ProveWrong(t.Context())
	for _, name := range []string{"a", "b", "seven", "xor"} {
		assert.ErrorContains(t, err, "1.1-"+name+": the chapter has no test TestHuge")
	}
}

// TestFewestWrong proves that a missing wrong solution is noticed even by those who don't try them.
func TestFewestWrong(t *testing.T) {
	holetest.Workbook(t)
	require.NoError(t, os.Remove(holetest.WrongFolder+"1.1-b.patch"))
	assert.ErrorContains(t, only(t).Prove(t.Context(), false), "3 wrong solutions: 4 are the fewest")
}

// TestRenewWrong proves that wrong solutions follow a change of the chapter, with what they say.
func TestRenewWrong(t *testing.T) {
	holetest.Workbook(t)
	const path = holetest.WrongFolder + "1.1-a.patch"
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	holetest.Edit(t, folder+"add.go", "package adder\n", "package adder\n\nvar moved int\n")
	changed, err := only(t).Renew()
	require.NoError(t, err)
	assert.True(t, changed)
	_, err = only(t).wrongs()
	assert.NoError(t, err)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(string(before), "@@ -2,5 +2,5 @@", "@@ -4,5 +4,5 @@", 1), string(after))

	holetest.Edit(t, folder+"add.go", "a + b", "b + a")
	_, err = only(t).Renew()
	assert.ErrorContains(t, err, "1.1-a.patch: add.go: these lines are not there any more")
}
