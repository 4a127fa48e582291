package proofread

import "testing"

func TestQuotes(t *testing.T) {
	t.Chdir(t.TempDir())
	source := "package a\n\nfunc b() {\n\tc()\n\td()\n}\n\nfunc e() {\n}\n"
	write(t, "a.go", source)
	testReadmes(t, []readmeTest{
		{"whole", "~~~go a.go\n" + source + "~~~\n", ""},
		{"part", "~~~go a.go\n\tc()\n\td()\n~~~\n", ""},
		{"gaps", "~~~go a.go\n// ...\nfunc b() {\n\t// ...\n\td()\n}\n\n// ...\n\nfunc e() {\n~~~\n", ""},
		{"in a list", "1. text\n\n   ~~~go a.go\n   func b() {\n   \tc()\n   ~~~\n", ""},
		{"in details", "<details>\n\n~~~go a.go\nfunc x()\n~~~\n\n</details>\n", "is not in the file"},
		{"no file", "~~~go\nfunc b() {\n~~~\n", "name the file"},
		{"missing file", "~~~go b.go\nfunc b() {\n~~~\n", "no such file"},
		{"changed line", "~~~go a.go\nfunc b() {\n\tx()\n~~~\n", "is not in the file"},
		{"part of a line", "~~~go a.go\nfunc b()\n~~~\n", "is not in the file"},
		{"other indentation", "~~~go a.go\nc()\n~~~\n", "is not in the file"},
		{"line left out", "~~~go a.go\nfunc b() {\n\td()\n~~~\n", "is not in the file"},
		{"other order", "~~~go a.go\n\td()\n// ...\n\tc()\n~~~\n", "is not in the file"},
		{"twice", "~~~go a.go\n\tc()\n// ...\n\tc()\n~~~\n", "is not in the file"},
		{"past the end", "~~~go a.go\nfunc e() {\n}\n\nfunc f()\n~~~\n", "is not in the file"},
		{"nothing", "~~~go a.go\n// ...\n~~~\n", "quotes nothing"},
	})
}
