package proofread

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/internal/decl"
)

// A part is a piece of a file that is to be the same in another: a declaration with its
// comment, or all of the file but the names in which copies may differ.
type part struct {
	name string // of the declaration, "T.M" for a method
	text string
	line int // how many lines of the file are before the text, or are missing in it
}

func named(parts []part, name string) (part, bool) {
	i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
	if i < 0 {
		return part{}, false
	}
	return parts[i], true
}

// parts returns what a file has of the copy.
func (c Copy) parts(dir, path string) ([]part, error) {
	if c.declarations == "" {
		text, dropped, err := withoutNames(dir, path)
		return []part{{text: text, line: dropped}}, err
	}
	all, err := declarations(path)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range strings.Fields(c.declarations) {
		if _, ok := named(all, name); !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s: lacks %s", path, strings.Join(missing, " "))
	}
	return slices.DeleteFunc(all, func(p part) bool { return !c.has(p.name) }), nil
}

// has reports whether a declaration belongs to the copy.
func (c Copy) has(name string) bool {
	if c.declarations == "" {
		return true
	}
	receiver, _, _ := strings.Cut(name, ".")
	names := strings.Fields(c.declarations)
	return slices.Contains(names, name) || slices.Contains(names, receiver)
}

// declarations returns the declarations of a file but its imports, in their order.
func declarations(path string) ([]part, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, d := range file.Decls {
		name := decl.Name(d)
		if name == "" {
			continue
		}
		begin := fset.Position(beginOf(d))
		end := fset.Position(d.End()).Offset
		if i := strings.IndexByte(string(text[end:]), '\n'); i >= 0 {
			end += i // with a comment that follows in the line
		}
		parts = append(parts, part{name, string(text[begin.Offset:end]), begin.Line - 1})
	}
	return parts, nil
}

// beginOf returns where a declaration begins, with its comment.
func beginOf(d ast.Decl) token.Pos {
	var doc *ast.CommentGroup
	switch d := d.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc != nil {
		return doc.Pos()
	}
	return d.Pos()
}

// withoutNames returns the text of a file without what the copies may differ in: the
// package clause and the chapter's name in import paths. It also returns how many lines
// it dropped.
func withoutNames(dir, path string) (text string, dropped int, err error) {
	before, clause, after, err := cutPackage(path)
	text = strings.ReplaceAll(before+after, rootModule+"/"+dir, rootModule)
	return text, strings.Count(clause, "\n"), err
}

// cutPackage cuts the text of a file around its package clause, to which the comment before
// it belongs.
func cutPackage(path string) (before, clause, after string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", "", err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return "", "", "", err
	}
	begin, end := fset.Position(file.Package).Offset, fset.Position(file.Name.End()).Offset
	if file.Doc != nil {
		begin = fset.Position(file.Doc.Pos()).Offset
	}
	return string(text[:begin]), string(text[begin:end]), string(text[end:]), nil
}
