package diagram

import (
	"context"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// tool is the Mermaid project's own, from npm. It needs a Chromium, which it would
// download if it were not told to take the one that is there.
const tool = "@mermaid-js/mermaid-cli@11.17.0"

//go:embed mermaid.json
var settings []byte

// A Block is a Mermaid block of a Markdown file: the nth, from 1.
type Block struct {
	Markdown string
	N        int
	Source   string
}

// Blocks returns the Mermaid blocks of the workbook.
func Blocks(fsys fs.FS) ([]Block, error) {
	var blocks []Block
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil && name != "." {
			return skip(entry)
		}
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		for _, b := range markdown.Parse(name, text).Blocks {
			if d, ok := b.Content.(*markdown.Diagram); ok {
				blocks = append(blocks, Block{name, d.N, b.Text})
			}
		}
		return err
	})
	return blocks, err
}

// skip leaves out what is no part of the book.
func skip(entry fs.DirEntry) error {
	if entry != nil && entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// Draw draws a block and writes its picture into the repository at root.
func Draw(ctx context.Context, root string, b Block, chromium string) error {
	tmp, err := os.MkdirTemp("", "diagram")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	browser := fmt.Appendf(nil, `{"executablePath": %q, "args": ["--no-sandbox"]}`, chromium)
	in, out := filepath.Join(tmp, "in.mmd"), filepath.Join(tmp, "out.svg")
	for name, text := range map[string][]byte{"in.mmd": []byte(b.Source), "mermaid.json": settings, "browser.json": browser} {
		if err := os.WriteFile(filepath.Join(tmp, name), text, 0o644); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "npx", "--yes", "-p", tool, "mmdc", "--quiet", "-i", in, "-o", out,
		"-c", filepath.Join(tmp, "mermaid.json"), "-p", filepath.Join(tmp, "browser.json"))
	cmd.Env = append(os.Environ(), "PUPPETEER_SKIP_DOWNLOAD=1")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	svg, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if svg, err = tidy(svg, b.Source); err != nil {
		return err
	}
	file := filepath.Join(root, filepath.FromSlash(File(b.Markdown, b.N)))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, svg, 0o644)
}
