package proofread

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

const (
	running = "~~~console server\n$ go run .\n2026/11/23 17:53:03 listening on 127.0.0.1:7878\n~~~\n"
	client  = "~~~console client\n"
	greeted = "$ cat </dev/tcp/127.0.0.1/7878\n*\n"
)

func TestPlay(t *testing.T) {
	if reason := unable(&markdown.Block{}); reason != "" {
		t.Skip(reason)
	}
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/play")))
	t.Chdir(dir)
	programs := NewPrograms(t.TempDir())
	for _, test := range playTests {
		t.Run(test.name, func(t *testing.T) {
			dir := "sub"
			if test.root {
				dir = "."
			}
			err := play(t, programs, filepath.Join(dir, "README.md"), test.markdown)
			if test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.want)
			}
		})
	}
}

// play writes a README and plays it.
func play(t *testing.T, programs *Programs, path, markdown string) error {
	write(t, path, markdown)
	file, err := parse(path)
	require.NoError(t, err)
	s := &Session{dir: filepath.Dir(path), programs: programs}
	for _, b := range file.Blocks {
		if problem := s.Play(b); problem != nil {
			err = errors.Join(err, fmt.Errorf("%v: %w", b, problem))
		}
	}
	return errors.Join(err, s.Close())
}

var playTests = []struct {
	name, markdown, want string
	root                 bool // the README is not the server's
}{
	{"server", running, "", false},
	{"server from elsewhere", "~~~console server\n$ cd sub && GREETING=hi go run . x\n" +
		"2026/11/23 17:53:03 listening on 127.0.0.1:7878\n2026/11/23 17:53:03 hi[x]\n~~~\n", "", true},
	{"server that takes its time", "~~~console server\n$ go run . late\n2026/11/23 17:53:03 wait\n" +
		"2026/11/23 17:53:04 listening on 127.0.0.1:7878\n~~~\n", "", false},
	{"wrong log", "~~~console server\n$ go run .\n2026/11/23 17:53:03 listening at 127.0.0.1:7878\n~~~\n", "differs", false},
	{"line too many", "~~~console server\n$ go run . -exit 3 x\n" +
		"2026/11/23 17:53:03 listening on 127.0.0.1:7878\n2026/11/23 17:53:03 [x y]\n~~~\n", "differs", false},
	{"bad flag", "~~~console server\n$ go run . -none\nany\n~~~\n", "has ended", false},
	{"server fails", "~~~console server\n$ go run . -silent\nany\n~~~\n", "no listener", false},
	{"no program", "~~~console server\n$ go run .\nany\n~~~\n", "go.mod file not found", true},
	{"server ends badly", "~~~console server\n$ go run . -exit 3\n2026/11/23 17:53:03 listening on 127.0.0.1:7878\n~~~\n",
		"exit status 3", false},
	{"log", running + "~~~console log\n2026/11/23 17:53:03 []\n^C2026/11/23 17:53:04 bye\n~~~\n", "", false},
	{"bad end in the log", "~~~console server\n$ go run . -exit 3\n2026/11/23 17:53:03 listening on 127.0.0.1:7878\n~~~\n" +
		"~~~console log\n...\n^C2026/11/23 17:53:04 bye\nexit status 3\n~~~\n", "", false},
	{"log after the interrupt", running + "~~~console log\n2026/11/23 17:53:03 []\n^C\n~~~\n", "differs", false},
	{"client after the interrupt", running + "~~~console log\n^C\n...\n~~~\n" + client + greeted + "~~~\n", "no server", false},
	{"wrong log later", running + "~~~console log\n2026/11/23 17:53:03 []\n^C\n2026/11/23 17:53:04 no\n~~~\n", "differs", false},
	{"log without a server", "~~~console log\nbye\n~~~\n", "no server", false},
	{"client", running + client + greeted + greeted + "~~~\n", "", false},
	{"client of a second server", running + running + client + greeted + "~~~\n", "", false},
	{"wrong reply", running + client + greeted + "prime\n~~~\n", "differs", false},
	{"no reply", running + client + "$ cat </dev/tcp/127.0.0.1/7878\n~~~\n", "differs", false},
	{"client without a server", client + greeted + "~~~\n", "no server", false},
	{"client before the server", client + greeted + "~~~\n" + running, "no server", false},
	{"standard error", running + client + "$ echo out; echo err >&2\nout\nerr\n~~~\n", "", false},
	{"second server on the port", running + client +
		"$ go run .\n2026/11/23 17:53:05 no listener\nexit status 1\n~~~\n", "", false},
	{"interrupt", running + client + "$ echo waiting; sleep 60\nwaiting\n^C\n~~~\n", "", false},
	{"interrupted program", running + client + "$ go run . -addr 127.0.0.1:0\n" +
		"2026/11/23 17:53:03 listening on 127.0.0.1:7878\n2026/11/23 17:53:03 []\n^C2026/11/23 17:53:04 bye\n~~~\n", "", false},
	{"killed program", running + client + "$ go run ../talk\n^Csignal: interrupt\n~~~\n", "", false},
	{"other line after the interrupt", running + client + "$ go run ../talk\n^Cbye\n~~~\n", "differs", false},
	{"interrupt of what has ended", running + client + "$ echo waiting\nwaiting\n^C\n~~~\n", "before it could", false},
	{"background", running + client + "$ echo 2 connected; sleep 60 &\n[1] 4711\n2 connected\n" +
		"$ kill %1\n[1]+ Terminated\n~~~\n", "", false},
	{"wrong background", running + client + "$ echo 2 connected; sleep 60 &\n[1] 4711\n3 connected\n~~~\n", "differs", false},
	{"no such job", running + client + "$ kill %1\n~~~\n", "no such job", false},
	{"test", "~~~console test\n$ echo a; ls main.go\na\nmain.go\n$ echo ok 3.4s\nok 0.4s\n~~~\n", "", false},
	{"wrong test", "~~~console test\n$ echo a\nb\n~~~\n", "differs", false},
	{"second test wrong", "~~~console test\n$ echo a\na\n$ echo b\n~~~\n", "differs", false},
	{"bad form", "~~~console\n$ echo a\na\n~~~\n", "write ```console", false},
}
