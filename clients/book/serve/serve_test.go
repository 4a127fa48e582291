package serve

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"github.com/klauspost/compress/gzhttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// workbook writes a workbook of two chapters, and returns its folder.
func workbook(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "workbook")
	for name, text := range map[string]string{
		"README.md":                  "# The book\n\nText.\n\n| term | meaning | |\n|---|---|---|\n| a | b | [1](chapter01-one/README.md) |\n",
		"chapter01-one/README.md":    "# Chapter 1: one\n\n## Part\n\nText.\n",
		"chapter01-one/main.go":      "package main\n",
		"chapter02-two/README.md":    "# Chapter 2: two\n\nText.\n",
		"chapter02-two/main.go":      "package main // 2\n",
		".git/config":                "secret",
		"my/notes.md":                "# secret",
		"../outside.go":              "secret",
		"clients/book/diagrams/a.md": "# a",
	} {
		holetest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	return dir
}

func start(t *testing.T, dir string) *httptest.Server {
	fsys, err := repo.Open(dir)
	require.NoError(t, err)
	server := httptest.NewServer(Handler(Fresh(fsys, site.Options{Base: "/"}), nil, "mybox"))
	t.Cleanup(server.Close)
	return server
}

// ask sends one request just as it is written, and returns the answer.
func ask(t *testing.T, server *httptest.Server, method, target, host string, more ...string) (status int, header http.Header, body string) {
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	more = append(more, "Connection: close")
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", method, target, host, strings.Join(more, "\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(text)
}

// TestHost: a page of the web whose name leads to this machine sends its own name, and
// gets nothing.
func TestHost(t *testing.T) {
	server := start(t, workbook(t))
	own := server.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(own)
	for _, host := range []string{own, "localhost:" + port, "LOCALHOST:" + port, "mybox:" + port} {
		status, _, body := ask(t, server, "GET", "/", host)
		assert.Equal(t, 200, status, host)
		assert.Contains(t, body, "nine ways")
	}
	for _, host := range []string{"evil.example:" + port, "evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "localhost.evil.example:" + port,
		"127.0.0.2:" + port, "[::1]:" + port, ""} {
		status, _, body := ask(t, server, "GET", "/", host)
		assert.Equal(t, 403, status, host)
		assert.NotContains(t, body, "nine ways")
	}
}

// TestLocalhost: the name is this machine's on its loopback address alone.
func TestLocalhost(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1": true, "::1": true, "192.0.2.1": false} {
		local := &net.TCPAddr{IP: net.ParseIP(address), Port: 7800}
		r := httptest.NewRequest("GET", "http://localhost:7800/", nil)
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
		assert.Equal(t, want, isOurs(r, nil), address)
		r.Host = net.JoinHostPort(address, "7800")
		assert.True(t, isOurs(r, nil), address)
	}
}

func TestMethods(t *testing.T) {
	server := start(t, workbook(t))
	own := server.Listener.Addr().String()
	status, header, body := ask(t, server, "HEAD", "/", own)
	assert.Equal(t, 200, status)
	assert.Empty(t, body)
	assert.NotEqual(t, "0", header.Get("Content-Length"))
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"} {
		status, header, _ := ask(t, server, method, "/", own)
		assert.Equal(t, 405, status, method)
		assert.Equal(t, "GET, HEAD", header.Get("Allow"))
	}
}

func TestHeaders(t *testing.T) {
	server := start(t, workbook(t))
	for _, target := range []string{"/", "/book.js", "/nothing-here"} {
		_, header, _ := ask(t, server, "GET", target, server.Listener.Addr().String())
		policy := header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'; script-src 'self'; style-src 'self'")
		assert.NotContains(t, policy, "unsafe")
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	}
}

// TestCompressed: a browser that can read it gets the same in fewer bytes. What the lab tells as it happens
// must not wait for more.
func TestCompressed(t *testing.T) {
	lab := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("data: 1\n", 1000)) })
	fsys, err := repo.Open(workbook(t))
	require.NoError(t, err)
	server := httptest.NewServer(Handler(Fresh(fsys, site.Options{Base: "/"}), lab))
	t.Cleanup(server.Close)
	own := server.Listener.Addr().String()
	for _, target := range []string{"/", "/chapter01-one/", "/book.css", "/book.js", "/search.js", "/nothing-here"} {
		status, header, plain := ask(t, server, "GET", target, own)
		assert.Empty(t, header.Get("Content-Encoding"), target)
		again, header, body := ask(t, server, "GET", target, own, "Accept-Encoding: gzip")
		assert.Equal(t, status, again)
		if len(plain) < gzhttp.DefaultMinSize {
			assert.Equal(t, plain, body)
			continue
		}
		assert.Less(t, len(body), len(plain)*3/4, target)
		assert.Equal(t, "gzip", header.Get("Content-Encoding"), target)
		assert.Equal(t, "Accept-Encoding", header.Get("Vary"), target)
		z, err := gzip.NewReader(strings.NewReader(body))
		require.NoError(t, err)
		text, err := io.ReadAll(z)
		require.NoError(t, err)
		assert.Equal(t, plain, string(text))
	}
	_, header, body := ask(t, server, "GET", "/lab/events", own, "Accept-Encoding: gzip")
	assert.Empty(t, header.Get("Content-Encoding"))
	assert.Len(t, body, 8000)
}

// TestOutOfReach asks for what is no part of the book in the ways that are known.
func TestOutOfReach(t *testing.T) {
	server := start(t, workbook(t))
	for _, target := range []string{"/../outside.go.html", "/..%2foutside.go.html", "/%2e%2e/outside.go.html", "//outside.go.html",
		"/chapter01-one/../../outside.go.html", "/chapter01-one/..%2f..%2foutside.go.html", "/.git/config.html", "/.git/config",
		"/my/notes/", "/my/notes.md.html", "/chapter01-one/%2e%2e/.git/config.html", "/chapter01-one\\..\\..\\outside.go.html",
		"/chapter01-one/main.go", "/step/1-3/", "/step/", "/step/2-1/", "/chapter01-one/%00.html"} {
		status, _, body := ask(t, server, "GET", target, server.Listener.Addr().String())
		assert.Equal(t, 404, status, target)
		assert.NotContains(t, body, "secret", target)
	}
}

func TestPaths(t *testing.T) {
	server := start(t, workbook(t))
	own := server.Listener.Addr().String()
	for _, target := range []string{"/", "/index.html", "/step/1-2/", "/chapter01-one/", "/chapter01-one/index.html", "/chapter01-one/main.go.html",
		"/guide/", "/book.css", "/search.js", "/icon.svg"} {
		status, _, _ := ask(t, server, "GET", target, own)
		assert.Equal(t, 200, status, target)
	}
	for target, want := range map[string]string{"/step/1-2": "/step/1-2/", "/chapter01-one": "/chapter01-one/"} {
		status, header, _ := ask(t, server, "GET", target, own)
		assert.Equal(t, 301, status)
		location, err := url.Parse(header.Get("Location"))
		require.NoError(t, err)
		assert.Equal(t, want, location.String())
	}
	status, header, body := ask(t, server, "GET", "/deep/down/nothing", own)
	assert.Equal(t, 404, status)
	assert.Contains(t, header.Get("Content-Type"), "text/html")
	assert.Contains(t, body, `href="/book.css"`, "links that work at any depth")
}

// TestFresh: who writes sees what he writes, and what is wrong with it.
func TestFresh(t *testing.T) {
	dir := workbook(t)
	server := start(t, dir)
	own := server.Listener.Addr().String()
	write := func(text string) { holetest.Write(t, filepath.Join(dir, "chapter01-one", "README.md"), text) }
	_, _, body := ask(t, server, "GET", "/chapter01-one/", own)
	assert.Contains(t, body, "Text.")
	write("# Chapter 1: one\n\nAnother text.\n")
	_, _, body = ask(t, server, "GET", "/chapter01-one/", own)
	assert.Contains(t, body, "Another text.")
	write("# Chapter 1: one\n\n[a](nowhere.md)\n")
	status, _, body := ask(t, server, "GET", "/chapter01-one/", own)
	assert.Equal(t, 500, status)
	assert.Equal(t, "chapter01-one/README.md:3: the link nowhere.md leads nowhere: chapter01-one/nowhere.md is not there\n", body)
	write("no title\n")
	status, _, body = ask(t, server, "GET", "/", own)
	assert.Equal(t, 500, status)
	assert.True(t, strings.HasPrefix(body, "chapter01-one/README.md: it does not begin with a line like"), body)
}
