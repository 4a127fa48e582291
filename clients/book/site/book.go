// Package site makes the pages of the book from the files of the workbook.
package site

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"example.com/concurrent-network-server/clients/book/prose"
	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/step"
	"example.com/concurrent-network-server/clients/exercise/desk"
)

// A Book is the workbook, read once.
type Book struct {
	fsys     fs.FS
	options  Options
	chapters []*Chapter
	terms    []prose.Term // with links as they are in the README
	steps    []func() ([]step.File, error)
}

// Options say where the pages will be.
type Options struct {
	// Files makes links name the file (index.html) and not the folder alone, as a
	// browser that opens the pages from a disk needs it.
	Files bool
	// Base is the path of the site on its server, for the page that says that there
	// is no such page, as that is shown at any depth.
	Base string
	// Lab says what kind of lab the pages have.
	Lab Lab
	// Desk is the reader's, if he can write beside the text. Nil is for pages that anybody reads.
	Desk *desk.Desk
}

// A Chapter is one of the nine.
type Chapter struct {
	Number int
	Folder string // of the repository, and of the book
	Title  string // a goroutine per client
	Why    string // what it gains
	Breaks string // what is wrong with it: the reason for the next one
	Lanes  []Lane // the script, played to it
	Takes  int    // how long that took, in milliseconds
}

// Load reads what all pages share. Fsys holds the workbook (see package repo).
func Load(fsys fs.FS, options Options) (*Book, error) {
	b := &Book{fsys: fsys, options: options}
	readme, err := repo.Source(fsys, "README.md")
	if err != nil {
		return nil, err
	}
	if b.terms, err = prose.Glossary("README.md", readme); err != nil {
		return nil, err
	}
	if err := b.findChapters(); err != nil {
		return nil, err
	}
	b.readPlot(readme)
	for i := range b.chapters[1:] {
		b.steps = append(b.steps, sync.OnceValues(func() ([]step.File, error) { return b.compare(i) }))
	}
	return b, nil
}

var folder = regexp.MustCompile(`^chapter(\d\d)-[a-z-]+$`)

func (b *Book) findChapters() error {
	entries, err := fs.ReadDir(b.fsys, ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		match := folder.FindStringSubmatch(entry.Name())
		if match == nil || !entry.IsDir() {
			continue
		}
		number, _ := strconv.Atoi(match[1])
		c := &Chapter{Number: number, Folder: entry.Name()}
		if c.Title, err = b.title(c.Folder + "/README.md"); err != nil {
			return err
		}
		if c.Lanes, c.Takes, err = lanes(b.fsys, c.Folder+"/timeline.svg"); err != nil {
			return err
		}
		b.chapters = append(b.chapters, c)
	}
	if len(b.chapters) == 0 {
		return fmt.Errorf("there are no chapters here")
	}
	return nil
}

// title returns the title of a chapter's README without its number.
func (b *Book) title(readme string) (string, error) {
	source, err := repo.Source(b.fsys, readme)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(source), "\n")
	_, title, ok := strings.Cut(strings.TrimSpace(line), ": ")
	if !ok || !strings.HasPrefix(line, "# Chapter ") {
		return "", fmt.Errorf("%s: it does not begin with a line like # Chapter 3: a goroutine per client", readme)
	}
	return strings.ReplaceAll(title, "'", "’"), nil
}

// readPlot takes what each chapter gains and what breaks from the README's table.
func (b *Book) readPlot(readme []byte) {
	table := prose.Table("README.md", readme, "chapter")
	if len(table) == 0 {
		return
	}
	for _, row := range table[1:] {
		at := b.index(path.Dir(row[0].Link))
		if at < 0 {
			continue
		}
		for i, cell := range row {
			switch table[0][i].Text {
			case "why":
				b.chapters[at].Why = cell.Text
			case "what breaks":
				b.chapters[at].Breaks = cell.Text
			}
		}
	}
}

// compare returns what changes after the chapter of that index.
func (b *Book) compare(i int) ([]step.File, error) {
	old, err := b.tree(b.chapters[i].Folder)
	if err != nil {
		return nil, err
	}
	new, err := b.tree(b.chapters[i+1].Folder)
	if err != nil {
		return nil, err
	}
	return step.Compare(old, new), nil
}

func (b *Book) tree(folder string) (step.Tree, error) {
	tree := step.Tree{Module: folder, Files: map[string]string{}}
	names, err := repo.Code(b.fsys, folder)
	for _, name := range names {
		source, err := repo.Source(b.fsys, folder+"/"+name)
		if err != nil {
			return tree, err
		}
		tree.Files[name] = string(source)
	}
	return tree, err
}

// index returns the index of the chapter in a folder, or -1.
func (b *Book) index(folder string) int {
	return slices.IndexFunc(b.chapters, func(c *Chapter) bool { return c.Folder == folder })
}

// first returns the name and the text of the first of the files that is there.
func (b *Book) first(names ...string) (name string, source []byte, err error) {
	for _, name := range names {
		source, e := repo.Source(b.fsys, name)
		if e == nil {
			return name, source, nil
		}
		err = cmp.Or(err, e)
	}
	return "", nil, err
}
