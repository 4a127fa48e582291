package diagram

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// style makes a picture readable by itself, in light and dark. A page that takes the
// picture in has rules of its own for the same classes.
//
//go:embed picture.css
var style string

// tidy makes a picture of ours from what Mermaid has drawn: it keeps shapes, text and
// classes, and drops colours, fonts and what nothing refers to.
func tidy(svg []byte, source string) ([]byte, error) {
	nodes, err := html.ParseFragment(bytes.NewReader(svg), &html.Node{
		Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(nodes, func(n *html.Node) bool { return n.Data == "svg" })
	if i < 0 {
		return nil, fmt.Errorf("mermaid-cli has drawn no SVG")
	}
	root := nodes[i]
	clean(root)
	for prune(root, used(root)) {
	}
	if err := name(root); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	for child := range root.ChildNodes() {
		if err := html.Render(&body, child); err != nil {
			return nil, err
		}
	}
	kind := strings.Fields(attribute(root, "aria-roledescription") + " diagram")[0]
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" class="diagram %s" role="img" aria-labelledby="title desc" `+
		`width="%s" height="%s" viewBox="%s" %s>`+"\n<style>\n%s</style>\n%s\n</svg>\n",
		kind, attribute(root, "width"), attribute(root, "height"), attribute(root, "viewBox"), mark(source), style,
		strings.ReplaceAll(body.String(), "><", ">\n<"))
	return out.Bytes(), nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// kept are the attributes that say where something is, or what.
var kept = []string{"id", "class", "d", "points", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry",
	"width", "height", "viewBox", "transform", "text-anchor", "dominant-baseline", "marker-start", "marker-end",
	"refX", "refY", "markerUnits", "markerWidth", "markerHeight", "orient", "aria-roledescription"}

var number = regexp.MustCompile(`-?\d+\.\d+`)

// clean drops attributes, makes numbers short, and joins the words of a line of text.
func clean(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return !slices.Contains(kept, a.Key) || a.Val == ""
	})
	for i, a := range n.Attr {
		if a.Key != "id" && a.Key != "class" {
			n.Attr[i].Val = number.ReplaceAllStringFunc(a.Val, short)
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		clean(child)
	}
	if n.Data == "g" && strings.Contains(attribute(n, "class"), "outer-path") {
		for n.LastChild != n.FirstChild { // the same outline again, in short strokes
			n.RemoveChild(n.LastChild)
		}
	}
	if n.Data == "tspan" && n.FirstChild != nil && n.FirstChild.Data == "tspan" {
		words := text(n)
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: words})
	}
}

// short writes a number with a digit after the point: a tenth of a pixel is exact enough.
func short(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := range n.ChildNodes() {
		b.WriteString(text(child))
	}
	return b.String()
}

var reference = regexp.MustCompile(`#([^)]+)\)`)

// used returns the ids that something refers to.
func used(root *html.Node) map[string]bool {
	ids := map[string]bool{}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			for _, match := range reference.FindAllStringSubmatch(a.Val, -1) {
				ids[match[1]] = true
			}
		}
	}
	return ids
}

// prune drops what shows nothing, and reports whether it has dropped anything.
func prune(n *html.Node, used map[string]bool) bool {
	dropped := false
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if isEmpty(child, used) {
			n.RemoveChild(child)
			dropped = true
		} else if prune(child, used) {
			dropped = true
		}
		child = next
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "id" && !used[a.Val]
	})
	return dropped
}

func isEmpty(n *html.Node, used map[string]bool) bool {
	switch n.Data {
	case "style", "symbol":
		return true
	case "marker":
		return !used[attribute(n, "id")]
	case "g", "defs", "text", "tspan":
		return n.FirstChild == nil
	case "rect":
		return attribute(n, "width") == ""
	}
	return n.Type == html.TextNode && strings.TrimSpace(n.Data) == "" || n.Type == html.CommentNode
}

// name gives the picture's title and description the ids by which the picture refers to
// them.
func name(root *html.Node) error {
	for _, element := range []string{"title", "desc"} {
		i := 0
		for n := range root.ChildNodes() {
			if n.Data == element {
				n.Attr = []html.Attribute{{Key: "id", Val: element}}
				i++
			}
		}
		if i != 1 {
			return fmt.Errorf("the block has no accTitle and accDescr, which say what it shows to those who can't see it")
		}
	}
	return nil
}
