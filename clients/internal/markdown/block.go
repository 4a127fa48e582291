package markdown

import (
	"errors"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A Block is a code block. The words after its fence say what it is.
type Block struct {
	File    string // the Markdown file
	Line    int
	Info    string // the words
	Text    string
	Content any   // a pointer to an Excerpt, Diff, Transcript, Diagram, Shell or Drawing
	Err     error // what is wrong with its form; then it may have no content
}

// An Excerpt is lines of a file.
type Excerpt struct{ File string }

// A Diff is lines of the difference between two files.
type Diff struct{ Old, New string }

// A Transcript is what is typed and printed in a terminal, or in a file.
type Transcript struct {
	Terminal string // server, client, log or test; file if it is one
	File     string
	Steps    []Step
}

// A Step is a command and what the terminal shows then. A step without a command comes
// first if the transcript does not begin with one.
type Step struct {
	Command string
	Output  []string
}

// A Diagram is drawn by Mermaid: the nth of its file, from 1.
type Diagram struct{ N int }

// Shell is commands that nobody runs.
type Shell struct{}

// A Drawing is made of characters, and compared with nothing.
type Drawing struct{}

// String says where the block is, and what.
func (b Block) String() string { return fmt.Sprintf("%s:%d: %s", b.File, b.Line, b.Info) }

// Lines returns the lines of the block.
func (b Block) Lines() []string { return Lines(b.Text) }

// Lines cuts a text into its lines.
func Lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}

// read reads a code block. An indented one has no words.
func (f *File) read(node ast.Node) *Block {
	b := &Block{File: f.Name, Line: f.Line(node), Text: string(node.Lines().Value(f.Source))}
	if fenced, ok := node.(*ast.FencedCodeBlock); ok && fenced.Info != nil {
		b.Info = strings.Join(strings.Fields(string(fenced.Info.Value(f.Source))), " ")
	}
	b.Content, b.Err = content(strings.Fields(b.Info), b.Lines())
	return b
}

func content(words, lines []string) (any, error) {
	if len(words) == 0 {
		return nil, errors.New("a code block without a language")
	}
	switch words[0] {
	case "go", "python":
		if len(words) != 2 {
			return nil, fmt.Errorf("name the file: ```%s file", words[0])
		}
		return &Excerpt{words[1]}, nil
	case "diff":
		if len(words) != 3 {
			return nil, errors.New("name the files: ```diff old new")
		}
		return &Diff{words[1], words[2]}, nil
	case "console":
		return transcript(words[1:], lines)
	case "sh":
		return &Shell{}, nil
	case "text":
		if len(commands(steps(lines))) > 0 {
			return nil, errors.New("a transcript that is compared with nothing")
		}
		return &Drawing{}, nil
	case "mermaid":
		return &Diagram{}, nil
	}
	return nil, errors.New("write a block of go, python, diff, console, sh, text or mermaid")
}

var errTerminal = errors.New("write ```console server, client, log, test or file=path")

func transcript(words, lines []string) (*Transcript, error) {
	if len(words) != 1 {
		return nil, errTerminal
	}
	t := &Transcript{Terminal: words[0], Steps: steps(lines)}
	t.Terminal, t.File, _ = strings.Cut(t.Terminal, "=")
	return t, t.check()
}

// check reports what is wrong with the form of a transcript.
func (t *Transcript) check() error {
	count := len(t.Commands())
	switch t.Terminal {
	case "server":
		if len(t.Steps) != 1 || !strings.Contains(t.Steps[0].Command, "go run .") {
			return errors.New("show the one command $ go run . [flags]")
		}
	case "client", "test":
		if count == 0 || len(t.Steps) != count {
			return errors.New("begin with a command: $ command")
		}
	case "log":
		if len(t.Steps) != 1 || count != 0 {
			return errors.New("show lines of the server and no command")
		}
	case "file":
	default:
		return errTerminal
	}
	if (t.Terminal == "file") != (t.File != "") {
		return errTerminal
	}
	return nil
}

// Commands returns the commands of the transcript.
func (t *Transcript) Commands() []string { return commands(t.Steps) }

func commands(steps []Step) []string {
	var commands []string
	for _, step := range steps {
		if step.Command != "" {
			commands = append(commands, step.Command)
		}
	}
	return commands
}

// steps takes a transcript apart.
func steps(lines []string) []Step {
	var steps []Step
	for _, line := range lines {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, Step{Command: command})
			continue
		}
		if len(steps) == 0 {
			steps = append(steps, Step{})
		}
		last := &steps[len(steps)-1]
		last.Output = append(last.Output, line)
	}
	return steps
}
