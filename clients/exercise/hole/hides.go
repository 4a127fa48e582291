package hole

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// A file that a reader opens for one exercise may have the answer to another in it. So the first
// line of a patch may say
//
//	Hides 9.3, 9.4
//
// and a working copy has the holes of those in the same files too. They are filled before the
// tests, so that nobody has to solve two exercises to be told about one.

// findHidden finds the exercises that the patch says it hides.
func (e *Exercise) findHidden(all []Exercise) error {
	if e.IsTask() {
		return nil
	}
	_, ids, err := e.patches()
	if err != nil {
		return nil // that is reported where the patch is needed
	}
	for _, id := range ids {
		other, err := Find(all, id)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Path(".patch"), err)
		}
		e.hides = append(e.hides, other)
	}
	return nil
}

// Begin returns the files in which a working copy differs from the chapter.
func (e Exercise) Begin() (files, error) {
	begin, err := e.Hole()
	for _, other := range e.hides {
		patches, _, err := other.patches()
		if err != nil {
			return nil, err
		}
		for _, f := range patches {
			for name, text := range begin {
				if filepath.Base(name) != path.Base(f.OldName) {
					continue
				}
				if begin[name], err = dig(text, f); err != nil {
					return nil, fmt.Errorf("%s can't hide %s: %w", e.Path(".patch"), other.ID, err)
				}
			}
		}
	}
	return begin, err
}

// fillHidden fills the hidden holes in a copy of an attempt. The compiler and the stacks shall name
// the files as they do elsewhere, by the module's path.
func (e Exercise) fillHidden(dir, module string) error {
	if len(e.hides) == 0 {
		return nil
	}
	begin, err := e.Begin()
	if err != nil {
		return err
	}
	hole, err := e.Hole()
	if err != nil {
		return err
	}
	for name, text := range begin {
		file := filepath.Join(dir, name)
		own, err := os.ReadFile(file)
		if err != nil || text == hole[name] {
			continue // what is missing, the compiler will miss
		}
		filled := fill(unix(own), text, hole[name], path.Join(module, filepath.ToSlash(name)))
		if err := os.WriteFile(file, []byte(filled), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Filled returns a reader's file with the hidden holes filled, to be compared with the book's.
func (e Exercise) Filled(name, own string) (string, error) {
	begin, err := e.Begin()
	if err != nil {
		return "", err
	}
	hole, err := e.Hole()
	return fill(own, begin[name], hole[name], ""), err
}
