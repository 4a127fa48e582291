package proofread

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A step of a transcript is a command and what the terminal shows then.
type step struct {
	command string
	output  []string
}

// steps takes a transcript apart. A step without a command comes first if the block
// does not begin with one.
func (b Block) steps() []step {
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
func (b Block) commands() []string {
	var commands []string
	for _, step := range b.steps() {
		if step.command != "" {
			commands = append(commands, step.command)
		}
	}
	return commands
}

// checkConsole checks the form of a transcript. TestTranscripts runs it.
func (b Block) checkConsole() error {
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
func (b Block) checkFile(name string) error {
	text, err := readLines(b.file(name))
	if err != nil {
		return err
	}
	return compare(b.lines, text)
}

// checkPaths reports a path in a shell command which does not exist.
func (b Block) checkPaths(lines []string) error {
	dir := filepath.Dir(b.readme)
	cloned := false
	for _, line := range lines {
		line, _, _ = strings.Cut(" "+line, " #")
		for words := strings.Fields(line); len(words) > 0; words = words[1:] {
			cloned = cloned || words[0] == "clone"
			path := pathIn(words)
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

// pathIn returns the path in words that begin with cd, python3 or go run, or "".
func pathIn(words []string) string {
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
