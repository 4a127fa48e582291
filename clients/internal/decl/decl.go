// Package decl names the declarations of Go files.
package decl

import "go/ast"

// Name returns the name of a declaration, the first if it has several, and T.M for a method of T or
// *T. Imports have none.
func Name(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return receiver(d) + d.Name.Name
	case *ast.GenDecl:
		switch spec := d.Specs[0].(type) {
		case *ast.ValueSpec:
			return spec.Names[0].Name
		case *ast.TypeSpec:
			return spec.Name.Name
		}
	}
	return ""
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
		return name.Name + "."
	}
	return ""
}
