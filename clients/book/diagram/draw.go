package diagram

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// The tools, from npm. The Mermaid project's own needs a Chromium, which it would download if
// it were not told to take the one that is there.
const (
	mermaid = "@mermaid-js/mermaid-cli@11.17.0"
	svgo    = "svgo@4.1.0"
)

// What the tools are told: how to draw, what to keep of that, and how it looks by itself.
//
//go:embed mermaid.json svgo.config.mjs picture.css
var settings embed.FS

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

// Draw draws a block and writes its picture into the repository at root.
func Draw(ctx context.Context, root string, b Block, chromium string) error {
	tmp, err := os.MkdirTemp("", "diagram")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(tmp, settings); err != nil {
		return err
	}
	in := func(name string) string { return filepath.Join(tmp, name) }
	browser := fmt.Appendf(nil, `{"executablePath": %q, "args": ["--no-sandbox"]}`, chromium)
	if err := errors.Join(os.WriteFile(in("browser.json"), browser, 0o644), os.WriteFile(in("in.mmd"), []byte(b.Source), 0o644)); err != nil {
		return err
	}
	if err := npx(ctx, b, mermaid, "mmdc", "--quiet", "-i", in("in.mmd"), "-o", in("out.svg"),
		"-c", in("mermaid.json"), "-p", in("browser.json")); err != nil {
		return err
	}
	file := filepath.Join(root, filepath.FromSlash(File(b.Markdown, b.N)))
	return npx(ctx, b, svgo, "svgo", "--config", in("svgo.config.mjs"), "-i", in("out.svg"), "-o", file)
}

// npx runs a program of a package.
func npx(ctx context.Context, b Block, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, "npx", append([]string{"--yes", "-p", name}, args...)...)
	cmd.Env = append(os.Environ(), "PUPPETEER_SKIP_DOWNLOAD=1", "SOURCE="+sum(b.Source))
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	return nil
}
