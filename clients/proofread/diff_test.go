package proofread

import "testing"

func TestDiffs(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.go", "a\nb\n\nb\nc\nd\ne\n")
	write(t, "b.go", "a\nb\n\nx\nb\nc\ne\nf\nb\n")
	tests := []readmeTest{
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
	for i, test := range tests {
		tests[i].markdown = "~~~diff a.go b.go\n" + test.markdown + "\n~~~\n"
	}
	testReadmes(t, append(tests,
		readmeTest{"one file", "~~~diff a.go\n+x\n~~~\n", "name the files"},
		readmeTest{"missing file", "~~~diff a.go c.go\n+x\n~~~\n", "no such file"}))
}
