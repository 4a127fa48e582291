// Package diagram keeps the pictures of the workbook's Mermaid blocks. They are made by
// the Mermaid project's own tool, and are part of the repository: whoever reads the book
// needs neither the tool nor a browser to draw them.
package diagram

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Folder is where the pictures are in the repository.
const Folder = "clients/book/diagrams"

// File returns the name of the picture of a Markdown file's nth Mermaid block, from 1.
func File(markdown string, n int) string {
	name := strings.TrimSuffix(markdown, path.Ext(markdown))
	if path.Base(name) == "README" && path.Dir(name) != "." {
		name = path.Dir(name)
	}
	return fmt.Sprintf("%s/%s-%d.svg", Folder, strings.ReplaceAll(name, "/", "-"), n)
}

// sum is in the attribute data-source of a picture, which says from what it has been made.
func sum(source string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(source))) }

// Read returns the picture of a Markdown file's nth Mermaid block. One that has been made
// from another source is an error.
func Read(fsys fs.FS, markdown string, n int, source string) ([]byte, error) {
	name := File(markdown, n)
	svg, err := fs.ReadFile(fsys, name)
	if err == nil && !bytes.Contains(svg, []byte(sum(source))) {
		err = fmt.Errorf("%s shows another diagram", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: draw it with go run ./clients/book/draw", err)
	}
	return svg, nil
}
