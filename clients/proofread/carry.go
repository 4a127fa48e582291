package proofread

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// goimports repairs the imports of files to which a declaration was carried.
const goimports = "golang.org/x/tools/cmd/goimports@v0.51.0"

// Carry makes every copy like that of one chapter.
func Carry(copies []Copy, from rune) error {
	var changed []string
	for _, c := range copies {
		files, err := c.carry(from)
		if err != nil {
			return err
		}
		changed = append(changed, files...)
	}
	if len(changed) == 0 {
		return nil
	}
	args := append([]string{"run", goimports, "-w"}, changed...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// carry makes the other copies like that of one chapter, if it has one. It returns the files
// of which it has changed declarations.
func (c Copy) carry(from rune) (changed []string, err error) {
	if !strings.ContainsRune(c.chapters, from) {
		return nil, nil
	}
	fromDir, source, err := find(from, c.name)
	if err != nil {
		return nil, err
	}
	for _, number := range c.chapters {
		dir, path, err := find(number, c.name)
		if err != nil {
			return nil, err
		}
		switch {
		case number == from:
		case c.declarations == "":
			err = carryFile(fromDir, source, dir, path)
		case Copy{c.name, string([]rune{from, number}), c.declarations}.Check() != nil:
			changed = append(changed, path)
			err = c.carryDeclarations(source, path)
		}
		if err != nil {
			return nil, err
		}
	}
	return changed, nil
}

func carryFile(fromDir, source, dir, path string) error {
	before, _, after, err := cutPackage(source)
	if err != nil {
		return err
	}
	_, clause, _, err := cutPackage(path)
	if err != nil {
		return err
	}
	own := func(text string) string {
		return strings.ReplaceAll(text, rootModule+"/"+fromDir, rootModule+"/"+dir)
	}
	return os.WriteFile(path, []byte(own(before)+clause+own(after)), 0o644)
}

// carryDeclarations replaces the declarations of the copy. One that is missing goes after the
// one that it follows in the source, and one that the source has not is deleted.
func (c Copy) carryDeclarations(source, path string) error {
	inSource, err := declarations(source)
	if err != nil {
		return err
	}
	inCopy, err := declarations(path)
	if err != nil {
		return err
	}
	for _, p := range inCopy {
		if _, ok := named(inSource, p.name); !ok && c.has(p.name) {
			if err := edit(path, p.text+"\n", ""); err != nil {
				return err
			}
		}
	}
	for i, p := range inSource {
		if c.has(p.name) {
			if err := put(path, p, inSource[:i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// put replaces a declaration of a file, or adds it after the last of those that precede it in
// the source.
func put(path string, p part, preceding []part) error {
	have, err := declarations(path)
	if err != nil {
		return err
	}
	if old, ok := named(have, p.name); ok {
		return edit(path, old.text, p.text)
	}
	for _, before := range slices.Backward(preceding) {
		if old, ok := named(have, before.name); ok {
			return edit(path, old.text, old.text+"\n\n"+p.text)
		}
	}
	return edit(path, have[0].text, p.text+"\n\n"+have[0].text)
}

// edit replaces the first old text in a file.
func edit(path, old, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strings.Replace(string(data), old, text, 1)), 0o644)
}
