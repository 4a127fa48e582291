package site

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inline makes a drawing part of a page. Its own style goes, as the page's has rules for
// its classes, and so do the data; its names get a prefix, as a page may have several drawings.
func inline(svg []byte, prefix string) (template.HTML, error) {
	nodes, err := html.ParseFragment(strings.NewReader(string(svg)), &html.Node{
		Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(nodes, func(n *html.Node) bool { return n.DataAtom == atom.Svg || n.Data == "svg" })
	if i < 0 {
		return "", fmt.Errorf("the drawing is no SVG")
	}
	root := nodes[i]
	root.Attr = slices.DeleteFunc(root.Attr, func(a html.Attribute) bool {
		return a.Key == "height" || a.Key == "xmlns" || a.Key == "data-source"
	})
	if width(root) > 900 {
		root.Attr = append(root.Attr, html.Attribute{Key: "data-wide"}) // too wide to be made small
	}
	adopt(root, prefix+"-")
	var b strings.Builder
	if err := html.Render(&b, root); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// width returns how wide a drawing is, in pixels.
func width(root *html.Node) float64 {
	for _, a := range root.Attr {
		if a.Key == "width" {
			f, _ := strconv.ParseFloat(a.Val, 64)
			return f
		}
	}
	return 0
}

// references are the attributes that name other elements.
var references = []string{"aria-labelledby", "aria-describedby", "marker-end", "marker-start", "href", "xlink:href"}

func adopt(n *html.Node, prefix string) {
	for i, a := range n.Attr {
		switch {
		case a.Key == "id":
			n.Attr[i].Val = prefix + a.Val
		case slices.Contains(references, a.Key):
			n.Attr[i].Val = refer(a.Val, prefix)
		}
	}
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if child.Data == "style" || child.Data == "metadata" || hasClass(child, "back") {
			n.RemoveChild(child)
		} else {
			adopt(child, prefix)
		}
		child = next
	}
}

// refer puts a prefix before each name: of a list of names, #name or url(#name).
func refer(value, prefix string) string {
	if i := strings.IndexByte(value, '#'); i >= 0 {
		return value[:i+1] + prefix + value[i+1:]
	}
	names := strings.Fields(value)
	for i := range names {
		names[i] = prefix + names[i]
	}
	return strings.Join(names, " ")
}

func hasClass(n *html.Node, class string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "class" && slices.Contains(strings.Fields(a.Val), class)
	})
}
