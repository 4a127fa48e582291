package picture_test

import (
	"bytes"
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/picture"
)

// TestWrite parses a picture with a shape of each kind, and text that has to be escaped.
func TestWrite(t *testing.T) {
	p := &picture.Picture{Title: `a < b & "c"`, Description: "</desc> it's", Data: []string{"</metadata>&"}, Width: 100, Height: 50}
	p.Rect("work", 1, 2.04, 3, 4)
	p.Dot("work", 10, 10, 5)
	p.Line("grid", 1, 2, 0, 10)
	p.Label("pale end", 99.96, 2, "1 < 2 & ✓")
	var out bytes.Buffer
	require.NoError(t, p.Write(&out))

	var svg struct {
		Role   string   `xml:"role,attr"`
		Title  string   `xml:"title"`
		Desc   string   `xml:"desc"`
		Data   string   `xml:"metadata"`
		Style  string   `xml:"style"`
		Rects  []xy     `xml:"rect"`
		Circle circle   `xml:"circle"`
		Line   line     `xml:"line"`
		Texts  []string `xml:"text"`
	}
	require.NoError(t, xml.Unmarshal(out.Bytes(), &svg))
	assert.Equal(t, "img", svg.Role)
	assert.Equal(t, p.Title, svg.Title)
	assert.Equal(t, p.Description, svg.Desc)
	assert.JSONEq(t, `["</metadata>&"]`, svg.Data)
	assert.Contains(t, svg.Style, "prefers-color-scheme: dark")
	assert.Equal(t, xy{"1", "2"}, svg.Rects[1]) // the first one is the background
	assert.Equal(t, circle{"10", "10", "2.5"}, svg.Circle)
	assert.Equal(t, line{"1", "2", "1", "12"}, svg.Line)
	assert.Equal(t, []string{p.Title, "1 < 2 & ✓"}, svg.Texts)
	assert.Contains(t, out.String(), `class="pale end" x="100" y="2"`)
}

type xy struct {
	X string `xml:"x,attr"`
	Y string `xml:"y,attr"`
}

type circle struct {
	X string `xml:"cx,attr"`
	Y string `xml:"cy,attr"`
	R string `xml:"r,attr"`
}

type line struct {
	X1 string `xml:"x1,attr"`
	Y1 string `xml:"y1,attr"`
	X2 string `xml:"x2,attr"`
	Y2 string `xml:"y2,attr"`
}
