//go:build unix

package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestStoppedWhileItChecks: the processes of a check end with the book.
func TestStoppedWhileItChecks(t *testing.T) {
	holetest.Workbook(t)
	holetest.Write(t, "README.md", "# A\n\ntext\n")
	holetest.Write(t, "chapter01-adder/README.md", "# Chapter 1: one\n\ntext\n")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, options{addr: "127.0.0.1:0"}, out) }()
	line := make([]byte, 200)
	n, err := in.Read(line)
	require.NoError(t, err)
	link, err := url.Parse(strings.Fields(string(line[:n]))[5])
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := http.Client{Jar: jar}
	ask := func(method, path string) *http.Response {
		r, err := http.NewRequest(method, "http://"+link.Host+path, nil)
		require.NoError(t, err)
		r.Header.Set("Origin", "http://"+link.Host)
		response, err := client.Do(r)
		require.NoError(t, err)
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
	assert.Equal(t, 403, ask("POST", "/desk/1.1/start").StatusCode, "without the link")
	_, err = client.Get(link.String())
	require.NoError(t, err)
	require.Equal(t, 200, ask("POST", "/desk/1.1/start").StatusCode)

	pid := filepath.Join(t.TempDir(), "pid")
	require.NoError(t, syscall.Mkfifo(pid, 0o600))
	holetest.Write(t, "my/1.1-add/pid.go", "package adder\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n"+
		"\tos.WriteFile("+strconv.Quote(pid)+", []byte(fmt.Sprint(os.Getpid())), 0)\n\tfor {\n\t}\n}\n")
	ask("GET", "/desk/1.1/events")
	text, err := os.ReadFile(pid) // waits for the test to begin
	require.NoError(t, err)
	number, err := strconv.Atoi(string(text))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(number, 0))
	stop()
	assert.NoError(t, <-done)
	assert.ErrorIs(t, syscall.Kill(number, 0), syscall.ESRCH)
}
