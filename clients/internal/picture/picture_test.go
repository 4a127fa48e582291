package picture_test

import (
	"bytes"
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/picture"
)

// TestWrite parses a picture with text that has to be escaped. How shapes are written, the pictures of
// bench and tour prove, which are compared byte for byte.
func TestWrite(t *testing.T) {
	p := &picture.Picture{Title: `a < b & "c"`, Description: "</desc> it's", Data: []string{"</metadata>&"}, Width: 100, Height: 50}
	p.Label("pale end", 99.96, 2, "1 < 2 & ✓")
	var out bytes.Buffer
	require.NoError(t, p.Write(&out))

	var svg struct {
		Title string   `xml:"title"`
		Desc  string   `xml:"desc"`
		Data  string   `xml:"metadata"`
		Texts []string `xml:"text"`
	}
	require.NoError(t, xml.Unmarshal(out.Bytes(), &svg))
	assert.Equal(t, p.Title, svg.Title)
	assert.Equal(t, p.Description, svg.Desc)
	assert.JSONEq(t, `["</metadata>&"]`, svg.Data)
	assert.Equal(t, []string{p.Title, "1 < 2 & ✓"}, svg.Texts)
	assert.Contains(t, out.String(), `class="pale end" x="100" y="2"`)
}
