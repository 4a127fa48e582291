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
		now := state(fsys)
		var err error
		if book == nil || now != seen {
			book, err = site.Load(fsys, options)
		}
		seen = now
		return book, err
	}
}

// state returns a number that changes with the name, size or time of any file.
func state(fsys fs.FS) uint64 {
	h := fnv.New64a()
	fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // what can't be read now may be there the next time
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return h.Sum64()
}
