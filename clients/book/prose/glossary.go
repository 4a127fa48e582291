package prose

import (
	"fmt"
	"strconv"

	"example.com/concurrent-network-server/clients/internal/markdown"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// A Term is a word of the trade.
type Term struct {
	Name, Meaning string
	Chapter       int    // that explains it
	Link          string // to the place there, as it stands in the page
}

// Table returns the rows of the first table whose first column has the title, beginning
// with the titles.
func Table(name string, source []byte, title string) [][]Cell {
	file := markdown.Parse(name, source)
	var rows [][]Cell
	ast.Walk(file.Root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		table, ok := node.(*extast.Table)
		if !entering || !ok || file.Plain(table.FirstChild().FirstChild()) != title {
			return ast.WalkContinue, nil
		}
		for row := table.FirstChild(); row != nil; row = row.NextSibling() {
			rows = append(rows, cells(file, row))
		}
		return ast.WalkStop, nil
	})
	return rows
}

// A Cell is the text of a table's cell and the link in it, if there is one.
type Cell struct{ Text, Link string }

func cells(file *markdown.File, row ast.Node) []Cell {
	var cells []Cell
	for node := row.FirstChild(); node != nil; node = node.NextSibling() {
		cell := Cell{Text: file.Plain(node)}
		for child := node.FirstChild(); child != nil; child = child.NextSibling() {
			if link, ok := child.(*ast.Link); ok {
				cell.Link = string(link.Destination)
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// Glossary returns the terms of the workbook from the README that explains them.
func Glossary(name string, source []byte) ([]Term, error) {
	var terms []Term
	for i, row := range Table(name, source, "term") {
		if i == 0 {
			continue
		}
		if len(row) != 3 {
			return nil, fmt.Errorf("%s: a term of the glossary needs a meaning and a chapter: %v", name, row)
		}
		chapter, err := strconv.Atoi(row[2].Text)
		if err != nil {
			return nil, fmt.Errorf("%s: the glossary does not say which chapter explains %s", name, row[0].Text)
		}
		terms = append(terms, Term{row[0].Text, row[1].Text, chapter, row[2].Link})
	}
	return terms, nil
}
