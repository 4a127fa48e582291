package hole

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestProve proves that each kind of exercise that proves nothing is found.
func TestProve(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	tests := []struct {
		name string
		old  string // in the text
		new  string
		body string // of Add in the hole
		want string
	}{
		{"right", "", "", "return a", ""},
		{"a test passes", "- `TestAdd` says", "- `TestZero` says", "return a", "TestZero passes with the hole"},
		{"another reason", "2+3 is not 2", "2+3 is not 7", "return a", `TestAdd does not say "2+3 is not 7"`},
		{"no such test", "- `TestAdd` says", "- `TestAddition` says", "return a", "the chapter has no test TestAddition"},
		{"no such sufferer", "- `TestLarge`:", "- `TestHuge`:", "return a", "the chapter has no test TestHuge"},
		{"the hole panics", "", "", "panic(a)", "TestAdd has to fail, and panics"},
		{"the hole does not compile", "", "", "return c", "the hole does not compile: add.go:5:9: undefined: c"},
		{"vet complains", "", "", "a = a; return a", "go vet for"},
		{"a test fails in silence", "", "", "return 2", "TestZero fails, and the text does not say that it fails too"},
		{"a sufferer passes", "- `TestLarge`:", "- `TestZero`:", "if b > 100 { return a + b }; return a", "TestZero is said to fail too, and passes"},
		{"a sufferer panics", "", "", "if b > 100 { panic(a) }; return a", "TestLarge is said to fail too, and panics"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			holetest.Workbook(t)
			holetest.Edit(t, text, test.old, test.new)
			holetest.Edit(t, patch, "+\treturn a\n", "+\t"+test.body+"\n")
			expect(t, test.want, only(t).Prove(t.Context(), true))
		})
	}
}

// TestProveIsPatient proves that a test which fails for want of patience has a second try.
func TestProveIsPatient(t *testing.T) {
	holetest.Workbook(t)
	holetest.Edit(t, folder+"add_test.go", "import \"testing\"", "import (\n\t\"os\"\n\t\"testing\"\n)")
	impatient := "if os.Getenv(\"" + patienceVariable + "\") == \"" + patience.String() + "\" {\nt.Fatal(\"too late\")\n}\n"
	holetest.Edit(t, folder+"add_test.go", "t.Errorf(", impatient+"t.Errorf(")
	assert.NoError(t, only(t).Prove(t.Context(), false))
}

// TestProveSolution proves that a chapter which fails its own tests is no solution.
func TestProveSolution(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	holetest.Workbook(t)
	assert.NoError(t, only(t).ProveSolution(t.Context()))
	holetest.Edit(t, folder+"add.go", "a + b", "b + b")
	holetest.Edit(t, patch, "a + b", "b + b")
	assert.ErrorContains(t, only(t).ProveSolution(t.Context()), "in the solution")
}

// TestEach proves that tests which only fail because of one another are not blamed.
func TestEach(t *testing.T) {
	holetest.Workbook(t)
	holetest.Edit(t, patch, "+\treturn a\n", "+\tif calls++; calls > 1 { return 0 }; return a + b\n+}; var calls int; func none() {\n")
	holetest.Edit(t, patch, "+2,5 @@", "+2,6 @@")
	hole := start(t).compiled(t)
	assert.Equal(t, "TestZero", hole.restOf(t).Test)
	o, err := hole.each(t.Context(), nil)
	assert.NoError(t, err)
	assert.Equal(t, Passed, o.State)
}
