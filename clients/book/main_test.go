package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/lab"
	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/testserver"
	"example.com/concurrent-network-server/clients/sched/recording"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"book": main}) }

// open opens the book at a free port, and returns the line that it prints.
func open(t *testing.T) (line string, stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, options{addr: "127.0.0.1:0"}, out) }()
	line, err := bufio.NewReader(in).ReadString('\n')
	require.NoError(t, err)
	return line, func() {
		cancel()
		assert.NoError(t, <-done)
	}
}

// launch opens it in a process of its own, which the test can kill.
func launch(t *testing.T) (line string, kill func()) {
	cmd := exec.CommandContext(t.Context(), "book", "-addr", "127.0.0.1:0", "-open=false")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return line, func() {
		require.NoError(t, cmd.Process.Kill())
		cmd.Wait()
	}
}

// newReader returns a reader, and the way in that the book has printed.
func newReader(t *testing.T, line string) (r *booktest.Reader, entrance string) {
	link, err := url.Parse(strings.Fields(line)[5])
	require.NoError(t, err)
	return booktest.NewReader(t, "http://"+link.Host), link.RequestURI()
}

// TestServe opens the book at a free port and closes it.
func TestServe(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	line, stop := open(t)
	match := regexp.MustCompile(`^The book is open at (http://127\.0\.0\.1:\d+/\?lab=\w+) \(Ctrl-C closes it\)\n$`).FindStringSubmatch(line)
	require.NotNil(t, match, "%s", line)
	response, err := http.Get(match[1])
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 200, response.StatusCode)
	stop()
}

// TestKilled kills the book. The lab's server goes with it, with a tracer or without.
func TestKilled(t *testing.T) {
	for _, choice := range []string{`{"chapters":[1]}`, `{"chapters":[1],"traced":true}`} {
		t.Run(choice, func(t *testing.T) {
			chapter(t, "# Chapter 1: one\n\ntext\n")
			line, kill := launch(t)
			r, entrance := newReader(t, line)
			r.Ask("GET", entrance, "", "")
			require.Equal(t, 200, r.Post("/lab/start", choice).StatusCode)
			testserver.Addresses(t, 1)
			kill()
			testserver.AwaitEnd(t, 1)
		})
	}
}

func TestPortTaken(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	err = run(t.Context(), options{addr: ln.Addr().String()}, io.Discard)
	assert.ErrorContains(t, err, ln.Addr().String())
}

func TestBadFlags(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	assert.ErrorContains(t, run(t.Context(), options{addr: "nonsense"}, io.Discard), "nonsense")
	for _, base := range []string{"here", "/here", "here/"} {
		err := run(t.Context(), options{export: t.TempDir(), base: base}, io.Discard)
		assert.EqualError(t, err, "-base "+base+": it has to begin and end with a slash")
	}
}

func TestOutsideOfTheWorkbook(t *testing.T) {
	t.Chdir(t.TempDir())
	err := run(t.Context(), options{addr: "127.0.0.1:0"}, io.Discard)
	assert.ErrorContains(t, err, "run this in the workbook")
}

// chapter writes a workbook of one chapter, with a server, into the current folder.
func chapter(t *testing.T, readme string) {
	testserver.Workbook(t, "chapter01-right")
	holetest.Write(t, "README.md", "# A\n\ntext\n")
	holetest.Write(t, "chapter01-right/README.md", readme)
}

func TestExport(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), options{export: dir, base: "/a/"}, &out))
	assert.Regexp(t, `^\d+ files, [\d.]+ kB, in .*folder\n$`, out.String())
	page, err := os.ReadFile(filepath.Join(dir, "404.html"))
	require.NoError(t, err)
	assert.Contains(t, string(page), `href="/a/book.css"`)
	assert.FileExists(t, filepath.Join(dir, "chapter01-right", "index.html"))
}

// TestRecord keeps what happens in an experiment, and the exported pages have it.
func TestRecord(t *testing.T) {
	if why := recording.Unavailable(); why != "" {
		t.Skip("a look inside is " + why)
	}
	chapter(t, "# Chapter 1: one\n\ntext\n")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), options{record: "1.2"}, &out))
	assert.Equal(t, "1.2 A client that says nothing\n", out.String())
	kept, err := os.ReadFile(filepath.FromSlash("clients/book/recordings/1.2.json"))
	require.NoError(t, err)
	assert.Regexp(t, `^\{"title":"A client that says nothing","made":"20.*"k":"answered".*"k":"done"`, string(kept))
	dir := t.TempDir()
	require.NoError(t, run(t.Context(), options{export: dir, base: "/"}, &out))
	script, err := os.ReadFile(filepath.Join(dir, "recordings", "1.2.js"))
	require.NoError(t, err)
	assert.Regexp(t, `^book\.recordings\[1\.2\]=\{title:"A client that says nothing".*k:"answered".*k:"done".*\}$`, string(script))
	assert.NotContains(t, string(script), "sheet")
	script, err = os.ReadFile(filepath.Join(dir, "recordings", "1.2-inside.js"))
	require.NoError(t, err)
	assert.Regexp(t, `^book\.recordings\["1\.2-inside"\]=.*k:"inside",sheet:`, string(script))
	assert.NoFileExists(t, filepath.Join(dir, "recordings", "1.1.js"))
	for _, wrong := range []string{"1.9", "2", "everything"} {
		assert.ErrorContains(t, run(t.Context(), options{record: wrong}, &out), "-record "+wrong+": there is no such experiment")
	}
}

func TestBrokenReadme(t *testing.T) {
	chapter(t, "one\n")
	err := run(t.Context(), options{addr: "127.0.0.1:0"}, io.Discard)
	assert.ErrorContains(t, err, "chapter01-right/README.md: it does not begin with a line like")
	chapter(t, "# Chapter 1: one\n\n[x](y.md)\n")
	err = run(t.Context(), options{export: t.TempDir(), base: "/"}, io.Discard)
	assert.ErrorContains(t, err, "chapter01-right/README.md:3: the link y.md leads nowhere")
	require.NoError(t, os.Remove("README.md"))
	err = run(t.Context(), options{addr: "127.0.0.1:0"}, io.Discard)
	assert.ErrorContains(t, err, "README.md")
}

// medians are those of chapter 9's answer about its four servers, in milliseconds.
var medians = map[string]float64{"9.2": 40, "9.3": 10, "9.4": .14, "9.5": .12}

// TestRecordings: each experiment has a recording of its own. All of the script's take about as long, and
// what comes of it is what the chapter's golden file says. The medians are within a factor of ten of the chapter's.
func TestRecordings(t *testing.T) {
	fsys, list := booktest.Open(t)
	took := map[string]int64{}
	for _, c := range list {
		golden, err := os.ReadFile(filepath.Join(c.Dir, "testdata", "three_requests.golden"))
		require.NoError(t, err)
		for _, e := range lab.Experiments(c.Number) {
			text, err := fs.ReadFile(fsys, site.Recording(e.ID))
			require.NoError(t, err, "go run ./clients/book -record %s", e.ID)
			var r struct {
				Title  string
				Events []struct {
					T    int64
					K, B string
				}
			}
			require.NoError(t, json.Unmarshal(text, &r))
			assert.Equal(t, e.Title, r.Title, e.ID)
			last := r.Events[len(r.Events)-1]
			require.Equal(t, "done", last.K)
			assert.NotContains(t, last.B, "missing", "%s is not whole: go run ./clients/book -record %[1]s", e.ID)
			if want, ok := medians[e.ID]; ok {
				var got float64
				fmt.Sscanf(last.B, "%f ms", &got)
				assert.InDelta(t, math.Log10(want), math.Log10(got), 1, "%s: %s", e.ID, last.B)
			}
			if !e.Draws || e.Cores > 0 {
				continue
			}
			took[e.ID] = last.T
			for i, name := range strings.Split(last.B, ", ") {
				assert.True(t, strings.HasPrefix(strings.Split(string(golden), "\n")[i], name+":"), "%s: %s", e.ID, last.B)
			}
		}
	}
	all := slices.Sorted(maps.Values(took))
	for id, long := range took {
		assert.InDelta(t, 1, float64(long)/float64(all[len(all)/2]), .5, "%s is off: go run ./clients/book -record %[1]s", id)
	}
}
