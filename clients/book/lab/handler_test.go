package lab

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serveLab serves the handler of a lab, and returns its address.
func serveLab(t *testing.T, l *Lab) (*Handler, string) {
	handler := NewHandler(l)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return handler, server.URL
}

// A call is a request to the handler. What is not set is as it should be.
type call struct {
	method, path, body, cookie, origin string
}

func (c call) make(t *testing.T, handler *Handler, address string) *http.Response {
	r, err := http.NewRequestWithContext(t.Context(), c.method, address+c.path, strings.NewReader(c.body))
	require.NoError(t, err)
	if c.cookie == "" {
		c.cookie = handler.token
	}
	if c.origin == "" {
		c.origin = address
	}
	r.AddCookie(&http.Cookie{Name: cookie(r), Value: c.cookie})
	r.Header.Set("Origin", c.origin)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// TestLocked: who has no cookie, comes from another page, or sends no POST, starts nothing.
func TestLocked(t *testing.T) {
	l := open(t, "chapter01-right")
	handler, address := serveLab(t, l)
	for _, c := range []call{
		{"POST", "/lab/start", `{"chapters":[1]}`, "wrong", ""},
		{"POST", "/lab/start", `{"chapters":[1]}`, handler.token[1:], ""},
		{"POST", "/lab/start", `{"chapters":[1]}`, "", "http://evil.example"},
		{"POST", "/lab/start", `{"chapters":[1]}`, "", "null"},
		{"POST", "/lab/start", `{"chapters":[1]}`, "", address + "0"},
		{"POST", "/lab/start", `{"chapters":[1]}`, "", "https" + address[4:]},
		{"GET", "/lab/start", `{"chapters":[1]}`, "", ""},
		{"PUT", "/lab/start", `{"chapters":[1]}`, "", ""},
		{"GET", "/lab/events", "", "wrong", ""},
		{"GET", "/lab/do", "", "", ""},
		{"POST", "/?lab=" + handler.token[1:], "", "", ""},
	} {
		assert.Equal(t, 403, c.make(t, handler, address).StatusCode, "%+v", c)
	}
	r, err := http.NewRequest("POST", address+"/lab/start", strings.NewReader(`{"chapters":[1]}`))
	require.NoError(t, err)
	r.Header.Set("Origin", address)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 403, response.StatusCode, "without a cookie")
	assert.Nil(t, l.session())
}

// TestLink: the token is exchanged for a cookie that no script can read and no other site can
// send, and is gone from the address.
func TestLink(t *testing.T) {
	handler, address := serveLab(t, open(t, "chapter01-right"))
	for path, want := range map[string]string{"/": "/", "/lab/": "/lab/", "//evil.example/": "/evil.example/"} {
		response := call{"GET", handler.Link(path), "", "none", ""}.make(t, handler, address)
		assert.Equal(t, 303, response.StatusCode)
		assert.Equal(t, want, response.Header.Get("Location"))
		require.Len(t, response.Cookies(), 1)
		c := response.Cookies()[0]
		assert.Equal(t, handler.token, c.Value)
		assert.True(t, c.HttpOnly)
		assert.Equal(t, http.SameSiteStrictMode, c.SameSite)
	}
	other, _ := serveLab(t, open(t, "chapter01-right"))
	assert.NotEqual(t, handler.token, other.token)
}

// TestNonsense: what can't be read, or is no action, is refused with a word why.
func TestNonsense(t *testing.T) {
	handler, address := serveLab(t, open(t, "chapter01-right"))
	for _, c := range []call{
		{path: "/lab/start", body: `{"chapters":[2]}`},
		{path: "/lab/start", body: `{"chapters":["../x"]}`},
		{path: "/lab/start", body: `{"chapters":[1]}[1]`},
		{path: "/lab/start", body: `{"chapters":[` + strings.Repeat(" ", maxBody) + `1]}`},
		{path: "/lab/do", body: `{"do":"idle"}`}, // no session
		{path: "/lab/do", body: `{"do":"idle","addr":"192.0.2.1:80"}`},
		{path: "/lab/do", body: ``},
	} {
		c.method = "POST"
		assert.Equal(t, 400, c.make(t, handler, address).StatusCode, c.body)
	}
	assert.Equal(t, 404, call{"POST", "/lab/other", "", "", ""}.make(t, handler, address).StatusCode)
}

// A tuned page listens to the events of the lab.
type tuned struct {
	*testing.T
	lines *bufio.Scanner
}

func tune(t *testing.T, handler *Handler, address, last string) *tuned {
	r, err := http.NewRequestWithContext(t.Context(), "GET", address+"/lab/events", nil)
	require.NoError(t, err)
	r.AddCookie(&http.Cookie{Name: cookie(r), Value: handler.token})
	r.Header.Set("Last-Event-ID", last)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	assert.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	return &tuned{t, bufio.NewScanner(response.Body)}
}

// next returns the next message of that kind.
func (p *tuned) next(kind string) (id string, data []byte) {
	for event := ""; p.lines.Scan(); {
		name, value, _ := strings.Cut(p.lines.Text(), ": ")
		switch name {
		case "event":
			event, id = value, ""
		case "id":
			id = value
		case "data":
			if event == kind {
				return id, []byte(value)
			}
		}
	}
	require.FailNow(p, "no message "+kind)
	return "", nil
}

// TestEvents: a page gets everything, and one that comes back gets what it has missed.
func TestEvents(t *testing.T) {
	l := open(t, "chapter01-right")
	handler, address := serveLab(t, l)
	page := tune(t, handler, address, "")
	_, session := page.next("session")
	assert.JSONEq(t, `{"from":0}`, string(session))
	response := call{"POST", "/lab/start", `{"chapters":[1]}`, "", ""}.make(t, handler, address)
	assert.Equal(t, 200, response.StatusCode)
	_, session = page.next("session")
	assert.JSONEq(t, `{"number":1,"chapters":[1],"from":0}`, string(session))
	id, data := page.next("events")
	var events []Event
	require.NoError(t, json.Unmarshal(data, &events))
	assert.Equal(t, Started, events[0].Kind)
	assert.Equal(t, fmt.Sprint("1.", len(events)), id)
	_, sample := page.next("sample")
	assert.Contains(t, string(sample), `"sides":[{`)

	assert.Equal(t, 200, call{"POST", "/lab/do", `{"do":"idle"}`, "", ""}.make(t, handler, address).StatusCode)
	again := tune(t, handler, address, id)
	_, session = again.next("session")
	assert.JSONEq(t, fmt.Sprintf(`{"number":1,"chapters":[1],"from":%d}`, len(events)), string(session))
	for _, data = again.next("events"); !strings.Contains(string(data), `"k":"opened"`); {
		assert.NotContains(t, string(data), `"k":"started"`)
		_, data = again.next("events")
	}
	for _, stale := range []string{"", "0.1", "1.99999", "1.-1", "x"} {
		_, session = tune(t, handler, address, stale).next("session")
		assert.JSONEq(t, `{"number":1,"chapters":[1],"from":0}`, string(session), stale)
	}
	call{"POST", "/lab/stop", "", "", ""}.make(t, handler, address)
	_, session = again.next("session")
	assert.JSONEq(t, `{"from":0}`, string(session))
}

// TestSlowPage: one that takes nothing holds up nobody.
func TestSlowPage(t *testing.T) {
	l := open(t, "chapter01-right")
	handler, address := serveLab(t, l)
	r := begin(t, l, 1)
	tune(t, handler, address, "") // and never read again
	for range maxEvents - 10 {
		r.session.history.add(Event{Kind: Logged, Text: strings.Repeat("a", 1000)})
	}
	require.NoError(t, l.Do(Request{Do: "idle"}))
	r.await(Greeted)
}

// TestTaken: who doesn't know of a session doesn't end it. A page that asks is told of it.
func TestTaken(t *testing.T) {
	l := open(t, "chapter01-right", "chapter02-right")
	handler, address := serveLab(t, l)
	start := func(body string) int {
		return call{"POST", "/lab/start", body, "", ""}.make(t, handler, address).StatusCode
	}
	told := func() string {
		text, err := io.ReadAll(call{"GET", "/lab/session", "", "", ""}.make(t, handler, address).Body)
		require.NoError(t, err)
		return string(text)
	}
	assert.JSONEq(t, `{"from":0}`, told())
	assert.Equal(t, 200, start(`{"chapters":[2]}`))
	assert.JSONEq(t, `{"number":1,"chapters":[2],"from":0}`, told())
	assert.Equal(t, 409, start(`{"chapters":[1]}`))
	assert.Equal(t, 409, start(`{"chapters":[1],"instead":7}`))
	assert.Equal(t, 1, l.session().number)
	assert.Equal(t, 200, start(`{"chapters":[1],"instead":1}`))
	assert.Equal(t, 2, l.session().number)
	assert.Equal(t, 409, start(`{"chapters":[1],"instead":1}`), "somebody was quicker")
}

// TestLinkOnce: the link that others can see opens the lab for one reader.
func TestLinkOnce(t *testing.T) {
	handler, address := serveLab(t, open(t, "chapter01-right"))
	enter := func() *http.Response {
		return call{"GET", handler.LinkOnce("/"), "", "none", ""}.make(t, handler, address)
	}
	response := enter()
	assert.Equal(t, 303, response.StatusCode)
	require.Len(t, response.Cookies(), 1)
	assert.Equal(t, handler.token, response.Cookies()[0].Value)
	assert.NotContains(t, handler.LinkOnce("/"), handler.token)
	assert.Equal(t, 403, enter().StatusCode)
	assert.Equal(t, 403, call{"POST", "/lab/start", `{"chapters":[1]}`, handler.once, ""}.make(t, handler, address).StatusCode, "it is no cookie")
	assert.Equal(t, 303, call{"GET", handler.Link("/"), "", "none", ""}.make(t, handler, address).StatusCode)
}

// TestStalledBody: a request of which the rest doesn't come is refused, and doesn't wait for ever.
func TestStalledBody(t *testing.T) {
	before := bodyTime
	bodyTime = 50 * time.Millisecond
	t.Cleanup(func() { bodyTime = before })
	handler, address := serveLab(t, open(t, "chapter01-right"))
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST /lab/start HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s=%s\r\nContent-Length: 100\r\n\r\n{",
		strings.TrimPrefix(address, "http://"), address, cookieOf(address), handler.token)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, 400, response.StatusCode)
}

func cookieOf(address string) string {
	return "lab-" + address[strings.LastIndexByte(address, ':')+1:]
}
