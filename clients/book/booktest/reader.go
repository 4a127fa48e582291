package booktest

import (
	"bufio"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Reader has a browser, which keeps cookies.
type Reader struct {
	*testing.T
	Address string // of the book
	http.Client
}

// NewReader returns a reader of the book at an address like http://127.0.0.1:7800.
func NewReader(t *testing.T, address string) *Reader {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &Reader{t, address, http.Client{Jar: jar}}
}

// Ask asks as a page of that origin does.
func (r *Reader) Ask(method, path, origin, body string) *http.Response {
	request, err := http.NewRequestWithContext(r.Context(), method, r.Address+path, strings.NewReader(body))
	require.NoError(r, err)
	request.Header.Set("Origin", origin)
	response, err := r.Do(request)
	require.NoError(r, err)
	r.Cleanup(func() { response.Body.Close() })
	return response
}

// Post asks as a page of the book does.
func (r *Reader) Post(path, body string) *http.Response { return r.Ask("POST", path, r.Address, body) }

// A Stream is what a page is told as it happens.
type Stream struct {
	*testing.T
	lines *bufio.Scanner
}

// NewStream returns what comes with a response.
func NewStream(t *testing.T, response *http.Response) Stream {
	assert.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	return Stream{t, bufio.NewScanner(response.Body)}
}

// Next returns the next message of that kind.
func (s Stream) Next(kind string) (id, data string) {
	s.Helper()
	for event := ""; s.lines.Scan(); {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "event":
			event, id = value, ""
		case "id":
			id = value
		case "data":
			if event == kind {
				return id, value
			}
		}
	}
	require.FailNow(s, "no message "+kind)
	return "", ""
}
