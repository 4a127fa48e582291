package prose

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const glossary = "# G\n\n| term | meaning | |\n|---|---|---|\n| event loop | it *turns* | [5](five/README.md#the-idea) |\n" +
	"| park | to set aside | [3](three/README.md) |\n| reset (RST) | it is gone | [1](one/README.md) |\n| P | a place | [8](e.md) |\n"

func TestGlossary(t *testing.T) {
	terms, err := Glossary("README.md", []byte(glossary))
	require.NoError(t, err)
	assert.Equal(t, []Term{
		{"event loop", "it turns", 5, "five/README.md#the-idea"}, {"park", "to set aside", 3, "three/README.md"},
		{"reset (RST)", "it is gone", 1, "one/README.md"}, {"P", "a place", 8, "e.md"},
	}, terms)
	_, err = Glossary("README.md", []byte("| term | meaning | |\n|---|---|---|\n| a | b | c |\n"))
	assert.ErrorContains(t, err, "does not say which chapter explains a")
}

// marked returns the words that are marked in a text, each with its term.
func marked(t *testing.T, markdown string) []string {
	s := source(markdown)
	var err error
	s.Terms, err = Glossary("README.md", []byte(glossary))
	require.NoError(t, err)
	doc, err := Render(s)
	require.NoError(t, err)
	var found []string
	for _, piece := range strings.Split(string(doc.Lead+doc.Body), `class="term"`)[1:] {
		word := piece[strings.Index(piece, ">")+1 : strings.Index(piece, "</button>")]
		term := piece[strings.Index(piece, "<b>")+3 : strings.Index(piece, "</b>")]
		found = append(found, strings.ReplaceAll(word, "\n", " ")+" = "+term)
	}
	return found
}

func TestTerms(t *testing.T) {
	for _, test := range []struct {
		markdown string
		want     []string
	}{
		{"It parks. It parks again, parked.", []string{"parks = park"}},
		{"An event\nloop turns, and *an Event loop* again.", []string{"event loop = event loop"}},
		{"*Parked* on\na reset.", []string{"Parked = park", "reset = reset (RST)"}},
		{"A car-park, `park`, [park](x.md), sparks, parking-lot, a p.", nil},
		{"## park\n\nHere is a P, and [one](x.md) park.", []string{"P = P", "park = park"}},
		{"It doesn't park \"here\" & there.", []string{"park = park"}},
		{"| park |\n|---|\n| reset |", []string{"reset = reset (RST)"}},
		{"```text\npark\n```\n\n- a park\\*", []string{"park = park"}},
	} {
		assert.Equal(t, test.want, marked(t, test.markdown), test.markdown)
	}
}

// TestTermsKeepTheText compares the text with and without terms.
func TestTermsKeepTheText(t *testing.T) {
	text := "A *park*, with an event\nloop, isn't it? \\*No\\* &amp; [yes](x.md).\nOr a  \nbreak, `code` and **a reset**?! A P.\n"
	s := source(text)
	plain, err := Render(s)
	require.NoError(t, err)
	s.Terms, err = Glossary("README.md", []byte(glossary))
	require.NoError(t, err)
	with, err := Render(s)
	require.NoError(t, err)
	got := string(with.Lead)
	got = regexp.MustCompile(`(?s)<span class="keep"><button[^>]*>(.*?)</button>([.,;:!?)]*)<span class="gloss".*?</span></span>`).ReplaceAllString(got, "$1$2")
	assert.EqualValues(t, plain.Lead, got)
}
