package beside

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/book/lab"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// A reader has the book open, with the link from the terminal.
type reader struct {
	*booktest.Reader
	*Handler
}

// open opens a small workbook, for a reader who has done nothing yet.
func open(t *testing.T) *reader {
	holetest.Workbook(t)
	return reopen(t)
}

// reopen opens the workbook that is there.
func reopen(t *testing.T) *reader {
	list, root, err := chapters.Find()
	require.NoError(t, err)
	d, err := desk.Open(list, root)
	require.NoError(t, err)
	h := New(d)
	t.Cleanup(h.Close)
	door := lab.NewHandler(lab.New(list))
	server := httptest.NewServer(door.Share("/desk/", h))
	t.Cleanup(server.CloseClientConnections)
	r := &reader{booktest.NewReader(t, server.URL), h}
	r.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r.Ask("GET", door.Link("/"), "", "")
	return r
}

// begun is open for one who has started 1.1 and written this.
func begun(t *testing.T, body string) *reader {
	r := open(t)
	assert.Equal(t, 200, r.post("/desk/1.1/start").StatusCode)
	r.write("return a", body)
	return r
}

const mine = "my/1.1-add/add.go"

func (r *reader) write(old, new string) { holetest.Edit(r.T, mine, old, new) }

// solve notes, as the terminal does, that 1.1 is solved.
func (r *reader) solve() {
	_, err := r.desk.Change(func(p *hole.Progress) { p.Solved["1.1"] = true })
	require.NoError(r, err)
}

// post asks as a page of the book does, which says all in the address.
func (r *reader) post(path string) *http.Response { return r.Post(path, "") }

// A page looks at an exercise.
type page struct {
	booktest.Stream
	close func() error
}

func (r *reader) look() *page {
	response := r.Ask("GET", "/desk/1.1/events", "", "")
	assert.Equal(r, 200, response.StatusCode)
	return &page{booktest.NewStream(r.T, response), response.Body.Close}
}

// until returns the first state from now on that is as wanted.
func (p *page) until(what string, wanted func(state) bool) state {
	p.Helper()
	for {
		_, text := p.Next("state")
		var s state
		require.NoError(p, json.Unmarshal([]byte(text), &s), "it never is "+what)
		if wanted(s) {
			return s
		}
	}
}

// over waits for the end of a check.
func (p *page) over() state {
	p.Helper()
	return p.until("over", func(s state) bool { return s.Begun && s.Doing == "" && (s.Verdict != "" || s.Right) })
}

// editorAt puts a program in PATH that writes its arguments into a file.
func editorAt(t *testing.T, name, script string) (arguments func() string) {
	dir := t.TempDir()
	out := filepath.Join(dir, "arguments")
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+strings.ReplaceAll(script, "OUT", out)), 0o755))
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string {
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		return string(text)
	}
}
