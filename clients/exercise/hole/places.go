package hole

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// A Place is where a hole is, in the code with the hole.
type Place struct {
	File     string
	Line     int
	Function string
}

// Places returns where the exercise's hole is, in the order of the patch.
func (e Exercise) Places() ([]Place, error) {
	files, err := e.patches()
	if err != nil {
		return nil, err
	}
	hole, err := e.Hole()
	if err != nil {
		return nil, err
	}
	var places []Place
	for _, f := range files {
		name := filepath.FromSlash(f.OldName)
		for _, fragment := range f.TextFragments {
			p := place(name, hole[name], fragment)
			same := func(other Place) bool { return other.File == p.File && other.Function == p.Function }
			if p.Function != "" && !slices.ContainsFunc(places, same) {
				places = append(places, p)
			}
		}
	}
	return places, nil
}

// place returns where a fragment of a patch changes its first line. It has no function if
// that is outside of all, as an import is.
func place(name, code string, fragment *gitdiff.TextFragment) Place {
	line := int(fragment.NewPosition + fragment.LeadingContext)
	p := Place{File: name, Line: line}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, code, parser.SkipObjectResolution)
	if err != nil {
		return p
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && fset.Position(f.Pos()).Line <= line && line <= fset.Position(f.End()).Line {
			p.Function = receiver(f) + f.Name.Name
		}
	}
	return p
}

// receiver returns Parser. for a method of *Parser.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return strings.TrimSpace(name.Name) + "."
	}
	return ""
}
