// Package picture writes drawings as SVG, for READMEs.
//
// It is ours because the pictures have to be readable in light and dark mode and with a
// screen reader. The chart libraries for Go that write SVG (gonum/plot, go-chart,
// go-analyze/charts) fix the colour in every shape, and none writes a title.
package picture

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"io"
	"os"
	"strconv"
	"strings"
)

// A Picture is a drawing. Its units are pixels, and the origin is at the top left.
type Picture struct {
	Title         string // shown on top
	Description   string // for those who can't see it
	Data          any    // for programs: what is drawn, as JSON
	Width, Height float64
	Shapes        []Shape
}

// A Shape is part of a picture. How it looks depends on its class: see picture.svg.tmpl.
type Shape struct {
	Kind       string // rect, circle, line or text
	Class      string
	X, Y, W, H float64 // a line goes from X, Y to X+W, Y+H; a circle has the diameter W
	Text       string
}

// Rect adds a rectangle.
func (p *Picture) Rect(class string, x, y, w, h float64) {
	p.Shapes = append(p.Shapes, Shape{"rect", class, x, y, w, h, ""})
}

// Dot adds a circle around x, y.
func (p *Picture) Dot(class string, x, y, diameter float64) {
	p.Shapes = append(p.Shapes, Shape{"circle", class, x, y, diameter, diameter, ""})
}

// Line adds a line.
func (p *Picture) Line(class string, x, y, w, h float64) {
	p.Shapes = append(p.Shapes, Shape{"line", class, x, y, w, h, ""})
}

// Label adds text. The class may say that it ends at x or has its middle there.
func (p *Picture) Label(class string, x, y float64, text string) {
	p.Shapes = append(p.Shapes, Shape{"text", class, x, y, 0, 0, text})
}

//go:embed picture.svg.tmpl
var source string

var svg = template.Must(template.New("svg").Funcs(template.FuncMap{
	"add":  func(a, b float64) float64 { return a + b },
	"half": func(a float64) float64 { return a / 2 },
	"n":    number,
	"json": data,
}).Parse(source))

// Write writes the picture.
func (p *Picture) Write(w io.Writer) error { return svg.Execute(w, p) }

// Save writes the picture into a file, which stays as it was if there is an error in the picture.
func (p *Picture) Save(file string) error {
	var text bytes.Buffer
	if err := p.Write(&text); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}

// number writes a coordinate: a tenth of a pixel is as good as exact.
func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// data writes JSON, in which no < or & is left that would mean something in SVG.
func data(value any) (template.HTML, error) {
	text, err := json.Marshal(value)
	return template.HTML(text), err
}
