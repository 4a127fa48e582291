package chapters

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Build compiles the chapter's server into a folder and returns the program's path.
func (c Chapter) Build(ctx context.Context, dir string) (string, error) {
	return Build(ctx, c.Dir, dir)
}

// BuildWith is Build with one more file in the chapter's package, which only the compiler sees:
// nothing is written into the chapter's folder.
func (c Chapter) BuildWith(ctx context.Context, dir, name, text string) (string, error) {
	file, overlay := filepath.Join(dir, name), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(c.Dir, name): file}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, replace, 0o644); err != nil {
		return "", err
	}
	return Build(ctx, c.Dir, dir, "-overlay="+overlay)
}

// Build compiles the program in the folder source into the folder dir and returns its path.
// A chapter stands alone, so the workspace is left out. The compiler's own files go into
// dir too: an interrupted one leaves them behind.
//
// Go's build cache keeps the programs that go run links, and not those of go build: if
// nothing has changed, all there is to do is to copy, even if the source was elsewhere then.
func Build(ctx context.Context, source, dir string, flags ...string) (string, error) {
	source, err := filepath.Abs(source)
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, filepath.Base(source))
	flags = append([]string{"-trimpath", "-ldflags=-s -w"}, flags...)
	args := slices.Concat([]string{"run", "-exec=cp -f"}, flags, []string{".", program})
	if runtime.GOOS == "windows" { // without cp
		program += ".exe"
		args = slices.Concat([]string{"build", "-o", program}, flags, []string{"."})
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOTMPDIR="+dir)
	end, err := Guard(cmd)
	if err != nil {
		return "", err
	}
	defer end()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("it does not build: %s", firstLines(string(out), err))
	}
	return program, nil
}

// firstLines returns the beginning of a compiler's output, or the error if it is empty.
func firstLines(out string, err error) string {
	var lines []string
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") { // the package's name
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return err.Error()
	}
	return strings.Join(lines[:min(3, len(lines))], "; ")
}
