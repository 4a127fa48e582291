// Package repo gives the book the files of the workbook, and no others.
package repo

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxSize bounds the files that are shown, in bytes.
const maxSize = 1 << 20

// Open returns the files below a folder that are part of the book. A name or a symbolic
// link that leads out of the folder fails, as does a name that is hidden: the history
// (.git), the reader's own work (my) and what a tool keeps beside the text.
func Open(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return Public(root.FS()), nil
}

// Public returns the files of a file system that are part of the book.
func Public(fsys fs.FS) fs.FS { return public{fsys} }

type public struct{ fsys fs.FS }

func (p public) Open(name string) (fs.File, error) {
	if err := p.refuse(name); err != nil {
		return nil, err
	}
	return p.fsys.Open(name)
}

// ReadDir leaves out what is hidden, so that who walks through the workbook doesn't come to it.
func (p public) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := p.refuse(name); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(p.fsys, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return hidden(path.Join(name, e.Name())) }), err
}

// refuse says that something is not there, if it is no part of the book. To open what is neither a file nor a
// folder may take for ever: a FIFO waits for its other end.
func (p public) refuse(name string) error {
	info, err := fs.Stat(p.fsys, name)
	if hidden(name) || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return nil
}

// shown are the names that begin with a dot and are part of the book all the same.
var shown = []string{".", ".ci", ".gitignore", ".gitattributes"}

func hidden(name string) bool {
	elements := strings.Split(name, "/")
	if elements[0] == "my" || strings.ContainsAny(name, "\x00\\") {
		return true
	}
	return slices.ContainsFunc(elements, func(element string) bool {
		return element == "node_modules" || strings.HasPrefix(element, ".") && !slices.Contains(shown, element)
	})
}

// Source returns the text of a file. A file that is too large for a page or is no text
// does not exist for the book.
func Source(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	text, err := fs.ReadFile(fsys, name)
	if err == nil && (!utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return text, err
}

// Modules returns the folders of a chapter that are modules of their own: what goes on after
// the chapter, and is no part of its code.
func Modules(fsys fs.FS, chapter string) []string {
	files, _ := fs.Glob(fsys, chapter+"/*/go.mod") // the pattern is a good one
	for i, file := range files {
		files[i] = path.Dir(file)
	}
	return files
}

// Code returns the names of a chapter's files, relative to its folder and sorted: all of
// its text but the README, which is the chapter, the exercises, the pictures, go.sum, and
// other modules.
func Code(fsys fs.FS, chapter string) ([]string, error) {
	var names []string
	modules := Modules(fsys, chapter)
	err := fs.WalkDir(fsys, chapter, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		local := strings.TrimPrefix(name, chapter+"/")
		if entry.IsDir() && (local == "exercises" || slices.Contains(modules, name)) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && isCode(local) {
			if _, err := Source(fsys, name); err == nil {
				names = append(names, local)
			}
		}
		return nil
	})
	return names, err
}

// isCode leaves out what is for the go command alone, too.
func isCode(local string) bool {
	return path.Base(local) != "go.sum" && local != "README.md" && path.Ext(local) != ".svg" && path.Ext(local) != ".png"
}
