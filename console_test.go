package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A step of a transcript is a command and what the terminal shows then.
type step struct {
	command string
	output  []string
}

// steps takes a transcript apart. A step without a command comes first if the block
// does not begin with one.
func (b block) steps() []step {
	var steps []step
	for _, line := range b.lines {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, step{command: command})
			continue
		}
		if len(steps) == 0 {
			steps = append(steps, step{})
		}
		last := &steps[len(steps)-1]
		last.output = append(last.output, line)
	}
	return steps
}

// commands returns the commands of a transcript.
func (b block) commands() []string {
	var commands []string
	for _, step := range b.steps() {
		if step.command != "" {
			commands = append(commands, step.command)
		}
	}
	return commands
}

// checkConsole checks the form of a transcript. TestTranscripts runs it.
func (b block) checkConsole() error {
	if len(b.words) != 2 {
		return errKind
	}
	if name, ok := strings.CutPrefix(b.words[1], "file="); ok {
		return b.checkFile(name)
	}
	if err := checkSteps(b.words[1], b.steps(), b.commands()); err != nil {
		return err
	}
	for _, command := range b.commands() { // each begins in the README's folder
		if err := b.checkPaths([]string{command}); err != nil {
			return err
		}
	}
	return nil
}

var errKind = errors.New("write ```console server, client, log, test or file=path")

func checkSteps(kind string, steps []step, commands []string) error {
	switch kind {
	case "server":
		if len(steps) != 1 || !strings.Contains(steps[0].command, "go run .") {
			return errors.New("show the one command $ go run . [flags]")
		}
	case "client", "test":
		if len(steps) == 0 || len(steps) != len(commands) {
			return errors.New("begin with a command: $ command")
		}
	case "log":
		if len(steps) != 1 || len(commands) != 0 {
			return errors.New("show lines of the server and no command")
		}
	default:
		return errKind
	}
	return nil
}

// checkFile compares a transcript with a file, from its first line to its last.
func (b block) checkFile(name string) error {
	text, err := readLines(b.file(name))
	if err != nil {
		return err
	}
	return compare(b.lines, text)
}

// checkPaths reports a path in a shell command which does not exist.
func (b block) checkPaths(lines []string) error {
	dir := filepath.Dir(b.readme)
	cloned := false
	for _, line := range lines {
		line, _, _ = strings.Cut(" "+line, " #")
		for words := strings.Fields(line); len(words) > 0; words = words[1:] {
			cloned = cloned || words[0] == "clone"
			path := pathBehind(words)
			if path == "" {
				continue
			}
			if words[0] == "cd" && cloned { // into the repository
				dir, path, cloned = ".", ".", false
			}
			path = filepath.Join(dir, filepath.FromSlash(path))
			if _, err := os.Stat(path); err != nil {
				return err
			}
			if words[0] == "cd" {
				dir = path
			}
		}
	}
	return nil
}

// pathBehind returns the path that the words begin with, behind cd, python3 or go run.
func pathBehind(words []string) string {
	switch {
	case words[0] == "cd", words[0] == "python3":
		words = words[1:]
	case len(words) > 2 && words[0] == "go" && words[1] == "run":
		words = words[2:]
		for len(words) > 0 && strings.HasPrefix(words[0], "-") {
			words = words[1:]
		}
	default:
		return ""
	}
	if len(words) == 0 || strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "@") {
		return ""
	}
	return strings.TrimRight(words[0], ";)")
}

func TestConsoles(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("sub", 0o755))
	require.NoError(t, os.WriteFile("sub/a.txt", []byte("$ x\n1\n2\n3 in 4.2s\n"), 0o644))
	tests := []struct{ name, markdown, want string }{
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
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { expectProblem(t, test.want, problems(t, test.markdown)) })
	}
}
