package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/internal/testserver"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"book": main}) }

// TestServe opens the book at a free port and closes it.
func TestServe(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, options{addr: "127.0.0.1:0"}, out) }()
	line := make([]byte, 200)
	n, err := in.Read(line)
	require.NoError(t, err)
	match := regexp.MustCompile(`^The book is open at (http://127\.0\.0\.1:\d+/\?lab=\w+) \(Ctrl-C closes it\)\n$`).FindSubmatch(line[:n])
	require.NotNil(t, match, "%s", line[:n])
	response, err := http.Get(string(match[1]))
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 200, response.StatusCode)
	stop()
	assert.NoError(t, <-done)
}

// TestKilled kills the book. The lab's server goes with it, with a tracer or without.
func TestKilled(t *testing.T) {
	for _, choice := range []string{`{"chapters":[1]}`, `{"chapters":[1],"traced":true}`} {
		t.Run(choice, func(t *testing.T) { killed(t, choice) })
	}
}

func killed(t *testing.T, choice string) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	cmd := exec.CommandContext(t.Context(), "book", "-addr", "127.0.0.1:0", "-open=false")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	link, err := url.Parse(strings.Fields(line)[5])
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := http.Client{Jar: jar}
	_, err = client.Get(link.String())
	require.NoError(t, err)
	start, err := http.NewRequest("POST", "http://"+link.Host+"/lab/start", strings.NewReader(choice))
	require.NoError(t, err)
	start.Header.Set("Origin", "http://"+link.Host)
	response, err := client.Do(start)
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	testserver.Addresses(t, 1)
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
	testserver.AwaitEnd(t, 1)
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
	for name, text := range map[string]string{"README.md": "# A\n\ntext\n", "chapter01-right/README.md": readme} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
}

func TestExport(t *testing.T) {
	chapter(t, "# Chapter 1: one\n\ntext\n")
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), options{export: dir, base: "/a/"}, &out))
	assert.Regexp(t, `^\d+ files, [\d.]+ kB, in .*folder\nThe lab plays chapter 1, right\.\n$`, out.String())
	page, err := os.ReadFile(filepath.Join(dir, "404.html"))
	require.NoError(t, err)
	assert.Contains(t, string(page), `href="/a/book.css"`)
	_, err = os.Stat(filepath.Join(dir, "chapter01-right", "index.html"))
	assert.NoError(t, err)
	recording, err := os.ReadFile(filepath.Join(dir, "lab", "1.js"))
	require.NoError(t, err)
	assert.Regexp(t, `^book\.recordings\[1\] = \{"made":"20.*"k":"answered".*"k":"done"`, string(recording))
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
