package site

import (
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/step"
)

// A codeView is a file of the workbook.
type codeView struct {
	File    string // relative to Folder
	Folder  string
	Chapter *Chapter // nil if it belongs to none
	Before  *Chapter // the one before
	Change  *fileView
	Lines   []template.HTML
	Tree    []leaf
}

// A leaf is a file in the tree beside the code. Same means that the chapter before has it
// too, but for the name of its module.
type leaf struct {
	Folder, Name, Page string
	Head               bool // the first of its folder
	Same, Current      bool
}

// codePage makes the page of a file.
func (b *Book) codePage(page, file string) (*Page, error) {
	source, err := repo.Source(b.fsys, file)
	if err != nil {
		return nil, err
	}
	v := &codeView{File: path.Base(file), Folder: path.Dir(file)}
	lines := code.Lines(file, string(source))
	for i, line := range lines {
		end := template.HTML("\n")
		if i == len(lines)-1 && !strings.HasSuffix(string(source), "\n") {
			end = ""
		}
		v.Lines = append(v.Lines, line.HTML()+end)
	}
	folder, local, _ := strings.Cut(file, "/")
	names, changes := b.siblings(path.Dir(file)), []step.File(nil)
	holds := func(module string) bool { return strings.HasPrefix(file, module+"/") }
	if i := b.index(folder); i >= 0 && !slices.ContainsFunc(repo.Modules(b.fsys, folder), holds) {
		v.Chapter, v.Folder, v.File = b.chapters[i], folder, local
		if names, err = repo.Code(b.fsys, folder); err != nil {
			return nil, err
		}
		if i > 0 {
			v.Before = b.chapters[i-1]
			if changes, err = b.steps[i-1](); err != nil {
				return nil, err
			}
		}
	}
	if !slices.Contains(names, v.File) {
		return nil, fs.ErrNotExist
	}
	v.Change = change(changes, v.File)
	v.Tree = tree(v, names, changes)
	return b.render(page, "code", v.File, v)
}

// siblings returns the files in a folder that belongs to no chapter.
func (b *Book) siblings(folder string) []string {
	entries, _ := fs.ReadDir(b.fsys, folder)
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			if page, err := b.place(path.Join(folder, entry.Name())); err == nil && strings.HasSuffix(page, ".html") {
				names = append(names, entry.Name())
			}
		}
	}
	return names
}

// change returns what has become of a file, or nil if nothing is known.
func change(changes []step.File, name string) *fileView {
	i := slices.IndexFunc(changes, func(f step.File) bool { return f.New == name })
	if i < 0 {
		return nil
	}
	return new(counted(changes[i]))
}

// tree returns the files beside the code: those of the folder itself, and then those of
// the folders in it.
func tree(v *codeView, names []string, changes []step.File) []leaf {
	var leaves []leaf
	for _, name := range names {
		l := leaf{Folder: path.Dir(name), Name: path.Base(name), Page: path.Join(v.Folder, name) + ".html"}
		l.Current = name == v.File
		if c := change(changes, name); c != nil {
			l.Same = c.Kind == step.Same || c.Kind == step.Renamed
		}
		leaves = append(leaves, l)
	}
	slices.SortStableFunc(leaves, func(a, b leaf) int { return strings.Compare(a.Folder, b.Folder) })
	for i := range leaves {
		leaves[i].Head = leaves[i].Folder != "." && (i == 0 || leaves[i-1].Folder != leaves[i].Folder)
	}
	return leaves
}
