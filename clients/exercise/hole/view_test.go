package hole

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestViews shows the function as the reader has it, wherever it is now and whether it compiles or not.
func TestViews(t *testing.T) {
	const head = "package adder\n\n// Add returns the sum.\n"
	for name, test := range map[string]struct {
		text string
		want View
	}{
		"as it was": {holetest.Stub, View{Place{"add.go", 5, "Add"}, 3, "// Add returns the sum.\nfunc Add(a, b int) int {\n\treturn a\n}\n"}},
		"further down": {"package adder\n\nvar x, y, z int\n\nfunc F() {\n}\n\nfunc Add(a, b int) int {\n\treturn a\n}\n",
			View{Place{"add.go", 8, "Add"}, 8, "func Add(a, b int) int {\n\treturn a\n}\n"}},
		"in one line":                       {head + "func Add(a, b int) int { return a + b }\n\nfunc F() {\n}\n", View{Place{"add.go", 4, "Add"}, 3, "// Add returns the sum.\nfunc Add(a, b int) int { return a + b }\n"}},
		"which doesn't compile":             {head + "func Add(a, b int) int {\n\tif a {\n\treturn a +\n}\n\nfunc F() {\n}\n", View{Place{"add.go", 5, "Add"}, 3, "// Add returns the sum.\nfunc Add(a, b int) int {\n\tif a {\n\treturn a +\n}\n"}},
		"of which the parser finds nothing": {head + "func Add(a, b int) int {\n\tx := f(\n\tswitch x {\n\tcase 1:\n\t}\n}\n", View{Place{"add.go", 5, "Add"}, 3, "// Add returns the sum.\nfunc Add(a, b int) int {\n\tx := f(\n\tswitch x {\n\tcase 1:\n\t}\n}\n"}},
		"of another type":                   {"package adder\n\nfunc (x *T) Add(a int) int { return a }\n", View{Place: Place{"add.go", 5, "Add"}}},
		"never closed":                      {head + "func Add(a, b int) int {\n\treturn a", View{Place{"add.go", 5, "Add"}, 3, "// Add returns the sum.\nfunc Add(a, b int) int {\n\treturn a"}},
		"gone":                              {"package adder\n", View{Place: Place{"add.go", 5, "Add"}}},
		"no Go at all":                      {"", View{Place: Place{"add.go", 5, "Add"}}},
	} {
		t.Run(name, func(t *testing.T) {
			holetest.Workbook(t)
			e := start(t)
			holetest.Write(t, "copy/add.go", test.text)
			views, err := e.Views("copy")
			require.NoError(t, err)
			assert.Equal(t, []View{test.want}, views)
		})
	}
	holetest.Workbook(t)
	e := start(t)
	first, err := e.FirstViews()
	require.NoError(t, err)
	begun, err := e.Views("copy")
	require.NoError(t, err)
	assert.Equal(t, begun, first)
	require.NoError(t, os.Remove("copy/add.go"))
	views, err := e.Views("copy")
	require.NoError(t, err)
	assert.Equal(t, []View{{Place: Place{"add.go", 5, "Add"}}}, views)
}
