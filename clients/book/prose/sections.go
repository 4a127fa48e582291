package prose

import (
	"fmt"
	"strings"

	"example.com/concurrent-network-server/clients/internal/markdown"
	"github.com/yuin/goldmark/ast"
)

var kindSection = ast.NewNodeKind("Section")

// section is a heading of the second level and what belongs to it.
type section struct {
	ast.BaseBlock
	id string
}

func (s *section) Kind() ast.NodeKind            { return kindSection }
func (s *section) Dump(source []byte, level int) { ast.DumpHelper(s, source, level, nil, nil) }

// arrange takes the title out of the document, names the headings as the forge does, and
// puts the sections together.
func (w *writer) arrange(doc *Doc, root ast.Node) error {
	title, ok := root.FirstChild().(*ast.Heading)
	if !ok || title.Level != 1 {
		return fmt.Errorf("%s: it does not begin with a title", w.Name)
	}
	doc.Title = w.file.Plain(title)
	names := markdown.Names{}
	names.Next(doc.Title)
	root.RemoveChild(root, title)
	var current *section
	top := 0
	for node := root.FirstChild(); node != nil; {
		next := node.NextSibling()
		heading, isHeading := node.(*ast.Heading)
		if isHeading {
			if top == 0 {
				top = heading.Level
			}
			heading.Level = max(2, heading.Level-top+2) // no level is left out
			s := Section{Title: w.file.Plain(heading), Level: heading.Level}
			s.ID = names.Next(s.Title)
			heading.SetAttributeString("id", []byte(s.ID))
			doc.Sections = append(doc.Sections, s)
			if heading.Level == 2 {
				current = &section{id: s.ID}
				root.InsertBefore(root, node, current)
			}
		}
		text := w.file.Plain(node)
		doc.Words += len(strings.Fields(text))
		if n := len(doc.Sections); n > 0 && !isHeading {
			doc.Sections[n-1].Text = strings.TrimSpace(doc.Sections[n-1].Text + " " + text)
		}
		if current != nil {
			current.AppendChild(current, node)
		}
		node = next
	}
	return nil
}
