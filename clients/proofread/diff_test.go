package proofread

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDiffs(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.go", []byte("a\nb\n\nb\nc\nd\ne\n"), 0o644))
	require.NoError(t, os.WriteFile("b.go", []byte("a\nb\n\nx\nb\nc\ne\nf\nb\n"), 0o644))
	tests := []struct{ name, block, want string }{
		{"whole", " a\n b\n \n+x\n b\n c\n-d\n e\n+f\n+b", ""},
		{"without the space", " b\n\n+x\n b", ""},
		{"part", " c\n-d\n e", ""},
		{"hunks", "@@ -1,2 +1,2 @@\n+x\n b\n@@ -5,6 +5,6 @@\n-d\n...\n+f", ""},
		{"one line", "+f", ""},
		{"wrong line", "+y", "not the difference"},
		{"kept line as removed", "-c\n-d", "not the difference"},
		{"kept line as added", "+c", "not the difference"},
		{"removed and added", "-c\n+c", "not the difference"},
		{"removed line as kept", " c\n d", "not the difference"},
		{"line left out", " \n+x\n c", "not the difference"},
		{"the other way round", "-x", "not the difference"},
		{"other order", "-d\n...\n+x", "not the difference"},
		{"no change", " c", "no difference"},
		{"no diff", "c", "begins with none of"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			markdown := "~~~diff a.go b.go\n" + test.block + "\n~~~\n"
			expectProblem(t, test.want, problems(t, markdown))
		})
	}
	expectProblem(t, "name the files", problems(t, "~~~diff a.go\n+x\n~~~\n"))
	expectProblem(t, "no such file", problems(t, "~~~diff a.go c.go\n+x\n~~~\n"))
}
