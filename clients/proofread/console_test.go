package proofread

import "testing"

func TestConsoles(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "sub/a.txt", "$ x\n1\n2\n3 in 4.2s\n")
	testReadmes(t, []readmeTest{
		{"server", "~~~console server\n$ go run . -n 4\nlistening\n~~~", ""},
		{"server elsewhere", "~~~console server\n$ cd sub && go run .\nlistening\n~~~", ""},
		{"client", "~~~console client\n$ python3 sub/a.txt\n1\n$ go run ./sub -n 4\n~~~", ""},
		{"file", "~~~console file=sub/a.txt\n$ x\n1\n2\n3 in 4.9s\n~~~", ""},
		{"file with a gap", "~~~console file=sub/a.txt\n$ x\n...\n3 in 4.9s\n~~~", ""},
		{"shell", "~~~sh\ngit clone https://b/a\ncd a # the folder\ncd sub\ncd ..\ngo run -race ./sub -n 1\n~~~", ""},
		{"shell without paths", "~~~sh\n# cd none\npython3 -c none\ngo run example.com/a@latest\ncd\n~~~", ""},
		{"no kind", "~~~console\n$ ls\n~~~", "write ```console"},
		{"unknown kind", "~~~console shell\n$ ls\n~~~", "write ```console"},
		{"server without a command", "~~~console server\nlistening\n~~~", "the one command"},
		{"server with two", "~~~console server\n$ go run .\n$ go run .\n~~~", "the one command"},
		{"other server", "~~~console server\n$ ls\n~~~", "the one command"},
		{"client without a command", "~~~console client\nls\n~~~", "begin with a command"},
		{"empty client", "~~~console client\n~~~", "begin with a command"},
		{"test without a command", "~~~console test\nok\n$ ls\n~~~", "begin with a command"},
		{"log with a command", "~~~console log\n$ ls\n~~~", "no command"},
		{"changed file", "~~~console file=sub/a.txt\n$ x\n1\n3\n~~~", "differs"},
		{"beginning of a file", "~~~console file=sub/a.txt\n$ x\n1\n2\n~~~", "differs"},
		{"end of a file", "~~~console file=sub/a.txt\n2\n3 in 4.2s\n~~~", "differs"},
		{"missing file", "~~~console file=none.txt\n1\n~~~", "no such file"},
		{"missing folder", "~~~sh\ncd none && go run .\n~~~", "no such file"},
		{"missing program", "~~~sh\ncd sub\ngo run ./none\n~~~", "no such file"},
		{"missing script", "~~~console client\n$ python3 none.py\n~~~", "no such file"},
	})
}
