package beside

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// An editor is one that has a window of its own.
type editor struct {
	name string
	at   []string // its arguments for a file and a line; a folder is its only argument
}

// editors are in the order in which they are looked for.
var editors = []editor{
	{"code", []string{"-g", "FILE:LINE"}},
	{"codium", []string{"-g", "FILE:LINE"}},
	{"zed", []string{"FILE:LINE"}},
	{"zeditor", []string{"FILE:LINE"}}, // Zed's name on some systems
	{"goland", []string{"--line", "LINE", "FILE"}},
	{"idea", []string{"--line", "LINE", "FILE"}},
	{"subl", []string{"FILE:LINE"}},
	{"gvim", []string{"+LINE", "FILE"}},
}

// atOnce is how long an editor may take to say that it can't.
const atOnce = 2 * time.Second

// openEditor opens a file at a line, or a folder if the line is 0, and returns the editor's name.
// There is none if no editor has a window.
func openEditor(path string, line int) (name string, err error) {
	e, program := choose()
	if program == "" {
		return "", nil
	}
	args := []string{path}
	if line > 0 {
		args = nil
		for _, arg := range e.at {
			args = append(args, strings.NewReplacer("FILE", path, "LINE", fmt.Sprint(line)).Replace(arg))
		}
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = filepath.Dir(path)
	chapters.Outlive(cmd)
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return "", fmt.Errorf("%s can't open it: %w", e.name, err)
		}
	case <-time.After(atOnce):
	}
	return e.name, nil
}

// choose returns the reader's editor: the one that $VISUAL names, if that has a window, or the first
// that is there.
func choose() (e editor, program string) {
	if words := strings.Fields(os.Getenv("VISUAL")); len(words) > 0 {
		name := strings.TrimSuffix(filepath.Base(words[0]), ".exe")
		for _, e := range editors {
			if path, err := exec.LookPath(words[0]); e.name == name && err == nil {
				return e, path
			}
		}
	}
	for _, e := range editors {
		if path, err := exec.LookPath(e.name); err == nil {
			return e, path
		}
	}
	return editor{}, ""
}
