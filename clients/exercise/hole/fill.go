package hole

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"example.com/concurrent-network-server/clients/internal/decl"
)

// fill replaces each declaration in which two versions of a file differ, if the reader's own still
// has what the first has; what he has changed is his. Lines keep their numbers: the compiler is told
// those of the file that is called name, if there's a name.
func fill(own, from, to, name string) string {
	file, mine, err := declarations(own)
	if err != nil {
		return own // the compiler says it better
	}
	_, before, _ := declarations(from)
	_, after, _ := declarations(to)
	text, added := own, ""
	inOrder := slices.SortedFunc(maps.Keys(after), func(a, b string) int { return mine[b].from - mine[a].from })
	for _, key := range inOrder { // the last comes first, so that the places of the others stay
		d, is := mine[key]
		switch {
		case before[key].code == after[key].code || d.code != before[key].code:
		case !is:
			added += "\n" + after[key].code + "\n"
		default:
			text = text[:d.from] + after[key].code + lineMark(own, d.to, name) + text[d.to:]
		}
	}
	if text+added == own {
		return own
	}
	return addImports(text+added, file, to)
}

// lineMark tells the compiler the number of the line after a place.
func lineMark(text string, at int, name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("\n//line %s:%d:1", name, lineAt(text, at)+1)
}

// addImports adds what another version of the file imports, in the line of the package clause.
func addImports(text string, file *ast.File, from string) string {
	other, _, err := declarations(from)
	if err != nil {
		return text
	}
	has := func(i *ast.ImportSpec) bool {
		return slices.ContainsFunc(file.Imports, func(j *ast.ImportSpec) bool { return j.Path.Value == i.Path.Value })
	}
	clause := file.Name.End() - file.FileStart
	for _, i := range other.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		if !has(i) && strings.Contains(text, path.Base(name)+".") {
			text = text[:clause] + "; import " + i.Path.Value + text[clause:]
		}
	}
	return text
}

// A declaration is a piece of a file.
type declaration struct {
	from, to int
	code     string
}

// declarations returns those of a file, without the imports, by name: Add, Parser.Next.
func declarations(text string) (*ast.File, map[string]declaration, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	all := map[string]declaration{}
	for _, d := range file.Decls {
		if name := decl.Name(d); name != "" {
			from, to := fset.Position(d.Pos()).Offset, fset.Position(d.End()).Offset
			all[name] = declaration{from, to, text[from:to]}
		}
	}
	return file, all, nil
}
