package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// travel makes the tour through the chapters.
func travel(t *testing.T, ctx context.Context, all []chapters.Chapter, svg bool) (string, error) {
	var out strings.Builder
	tour := &tour{screen: terminal.Pipe(&out), tmp: t.TempDir(), svg: svg, span: firstSpan}
	err := tour.run(ctx, all)
	return out.String(), err
}

var durations = regexp.MustCompile(`\d+(\.\d+)?(ns|µs|ms|s)\b`)

// TestTour visits chapters of which only the first and the last are right.
func TestTour(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	all := testserver.Workbook(t, "chapter01-right", "chapter02-unbuildable", "chapter03-deaf", "chapter04-mortal",
		"chapter05-liar", "chapter10-right")
	out, err := travel(t, t.Context(), all, false)
	assert.Equal(t, errFailed, err)
	for _, want := range []string{
		"Chapter 1 right\n  LongPrime  ",
		"Chapter 2 unbuildable\n  it does not build: ",
		"Chapter 3 deaf\n  the server has ended (exit status 1): ",
		"Chapter 4 mortal\n",
		"  the server has ended (exit status 3): ",
		"Chapter 5 liar\n",
		"LongPrime: the reply is \"qrime\\n\"",
		"Chapter 10 right\n  LongPrime  ",
		"The order in which the three finish",
	} {
		assert.Contains(t, out, want)
	}
	_, plot, _ := strings.Cut(durations.ReplaceAllString(out, "T"), "\nchapter  ")
	assert.Regexp(t, `(?m)^1 right +\w+, \w+, \w+ +T$`, plot)
	for _, line := range []string{`2 unbuildable`, "3 deaf", "4 mortal", "5 liar"} {
		assert.Regexp(t, `(?m)^`+line+` +- +-$`, plot)
	}
	assert.Regexp(t, `(?m)^10 right +\w+, \w+, \w+ +T$`, plot)
}

func TestPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	all := testserver.Workbook(t, "chapter01-right", "chapter02-right")
	_, err := travel(t, t.Context(), all, true)
	require.NoError(t, err)
	for _, dir := range []string{"chapter01-right", "chapter02-right"} {
		text, err := os.ReadFile(filepath.Join(dir, "timeline.svg"))
		require.NoError(t, err)
		assert.NoError(t, xml.Unmarshal(text, new(struct{})))
		assert.True(t, bytes.Contains(text, []byte("<title id=\"title\">Chapter "+dir[8:9]+": right</title>")))
	}
}

// TestInterrupt proves that no server is left behind.
func TestInterrupt(t *testing.T) {
	all := testserver.Workbook(t, "chapter01-silent", "chapter02-right")
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		testserver.Addresses(t, 1)
		interrupt()
	}()
	out, err := travel(t, ctx, all, false)
	assert.EqualError(t, err, "interrupted")
	assert.NotContains(t, out, "Chapter 2")
	testserver.AwaitEnd(t, 1)
}

// TestNotes proves that each chapter has a note of its own.
func TestNotes(t *testing.T) {
	seen := map[string]bool{}
	for number := 1; number <= 10; number++ { // the tenth gets the general one
		assert.False(t, seen[note(number)], number)
		seen[note(number)] = true
	}
}

func TestUnknownChapter(t *testing.T) {
	testserver.Workbook(t, "chapter01-right")
	assert.EqualError(t, run(t.Context(), 9, false), "there is no chapter 9")
}
