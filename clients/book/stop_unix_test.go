//go:build unix

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// A checking book is one that checks code which never ends.
type checking struct {
	*testing.T
	link   *url.URL
	client http.Client
}

// check opens the link that the book has printed, begins an exercise, and returns the id of the process that
// checks it.
func check(t *testing.T, line string) (pid int) {
	link, err := url.Parse(strings.Fields(line)[5])
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := checking{t, link, http.Client{Jar: jar}}
	assert.Equal(t, 403, c.ask("POST", "/desk/1.1/start"), "without the link")
	_, err = c.client.Get(link.String())
	require.NoError(t, err)
	require.Equal(t, 200, c.ask("POST", "/desk/1.1/start"))
	told := filepath.Join(t.TempDir(), "pid")
	require.NoError(t, syscall.Mkfifo(told, 0o600))
	// Its name makes it the first that is initialized: before what limits the time of a test.
	holetest.Write(t, "my/1.1-add/a.go", "package adder\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n"+
		"\tos.WriteFile("+strconv.Quote(told)+", []byte(fmt.Sprint(os.Getpid())), 0)\n\tfor {\n\t}\n}\n")
	require.Equal(t, 200, c.ask("GET", "/desk/1.1/events"))
	text, err := os.ReadFile(told) // waits for the test to begin
	require.NoError(t, err)
	pid, err = strconv.Atoi(string(text))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	return pid
}

func (c checking) ask(method, path string) (status int) {
	r, err := http.NewRequest(method, "http://"+c.link.Host+path, nil)
	require.NoError(c, err)
	r.Header.Set("Origin", "http://"+c.link.Host)
	response, err := c.client.Do(r)
	require.NoError(c, err)
	c.Cleanup(func() { response.Body.Close() })
	return response.StatusCode
}

// adder writes a workbook of one chapter with one exercise into the current folder.
func adder(t *testing.T) {
	holetest.Workbook(t)
	holetest.Write(t, "README.md", "# A\n\ntext\n")
	holetest.Write(t, "chapter01-adder/README.md", "# Chapter 1: one\n\ntext\n")
}

// TestStoppedWhileItChecks: the processes of a check end before the book does.
func TestStoppedWhileItChecks(t *testing.T) {
	adder(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, options{addr: "127.0.0.1:0"}, out) }()
	line := make([]byte, 200)
	n, err := in.Read(line)
	require.NoError(t, err)
	pid := check(t, string(line[:n]))
	stop()
	assert.NoError(t, <-done)
	assert.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
}

// TestKilledWhileItChecks kills the book. The processes of the check go with it.
func TestKilledWhileItChecks(t *testing.T) {
	adder(t)
	cmd := exec.CommandContext(t.Context(), "book", "-addr", "127.0.0.1:0", "-open=false")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	pid := check(t, line)
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
	for syscall.Kill(pid, 0) == nil {
		time.Sleep(10 * time.Millisecond) // the test's own limit ends this, if nothing does
	}
}
