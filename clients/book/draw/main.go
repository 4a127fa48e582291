// Command draw makes the pictures of the workbook's Mermaid blocks, for those who change
// one. It needs npm and a Chromium.
//
//	draw [-all] [-chromium path]
//
// It draws what has changed, and removes pictures whose block is gone.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"slices"

	"example.com/concurrent-network-server/clients/book/diagram"
	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("draw: ")
	all := flag.Bool("all", false, "draw all of them, and not only what has changed")
	chromium := flag.String("chromium", "", "the `path` of a Chromium, if it is not in PATH")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *all, *chromium); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, all bool, chromium string) error {
	_, root, err := chapters.Find()
	if err != nil {
		return err
	}
	fsys, err := repo.Open(root)
	if err != nil {
		return err
	}
	blocks, err := diagram.Blocks(fsys)
	if err != nil {
		return err
	}
	var current []string
	for _, b := range blocks {
		file := diagram.File(b.Markdown, b.N)
		current = append(current, file)
		if _, err := diagram.Read(fsys, b.Markdown, b.N, b.Source); err == nil && !all {
			continue
		}
		if chromium, err = browser(chromium); err != nil {
			return err
		}
		if err := diagram.Draw(ctx, root, b, chromium); err != nil {
			return fmt.Errorf("%s, diagram %d: %w", b.Markdown, b.N, err)
		}
		fmt.Println(file)
	}
	return clear(fsys, root, current)
}

// browser returns the path of a Chromium: the one that is given, or one in PATH.
func browser(given string) (string, error) {
	for _, name := range []string{given, "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("there is no Chromium in PATH: say where it is with -chromium")
}

// clear removes the pictures that belong to no block.
func clear(fsys fs.FS, root string, current []string) error {
	files, err := fs.Glob(fsys, path.Join(diagram.Folder, "*.svg"))
	for _, file := range files {
		if !slices.Contains(current, file) {
			if err := os.Remove(filepath.Join(root, filepath.FromSlash(file))); err != nil {
				return err
			}
		}
	}
	return err
}
