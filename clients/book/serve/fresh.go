package serve

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"sync"

	"example.com/concurrent-network-server/clients/book/site"
)

// Fresh returns a function that returns the book as its files are now. It reads them
// again when one of them has changed, so a writer sees what he writes.
func Fresh(fsys fs.FS, options site.Options) func() (*site.Book, error) {
	var mu sync.Mutex
	var book *site.Book
	var seen uint64
	return func() (*site.Book, error) {
		mu.Lock()
		defer mu.Unlock()
		now, err := state(fsys)
		if err != nil {
			return nil, err
		}
		if book == nil || now != seen {
			if book, err = site.Load(fsys, options); err != nil {
				return nil, err
			}
		}
		seen = now
		return book, nil
	}
}

// state returns a number that changes with the name, size or time of any file.
func state(fsys fs.FS) (uint64, error) {
	h := fnv.New64a()
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			if entry != nil && entry.IsDir() && name != "." {
				return fs.SkipDir // hidden
			}
			return nil
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return h.Sum64(), err
}
