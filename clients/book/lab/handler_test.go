package lab

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/book/booktest"
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

// A call is a request to the handler. What is not set is as it should be; the cookie may be none at all.
type call struct {
	method, path, body, cookie, origin string
}

func (c call) make(t *testing.T, handler *Handler, address string) *http.Response {
	r, err := http.NewRequestWithContext(t.Context(), c.method, address+c.path, strings.NewReader(c.body))
	require.NoError(t, err)
	if c.cookie != "none" {
		r.AddCookie(&http.Cookie{Name: cookie(r), Value: cmp.Or(c.cookie, handler.token)})
	}
	r.Header.Set("Origin", cmp.Or(c.origin, address))
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
		{"POST", "/lab/start", `{"chapters":[1]}`, "none", ""},
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

// tune lets a page listen to the events of the lab.
func tune(t *testing.T, handler *Handler, address, last string) booktest.Stream {
	r, err := http.NewRequestWithContext(t.Context(), "GET", address+"/lab/events", nil)
	require.NoError(t, err)
	r.AddCookie(&http.Cookie{Name: cookie(r), Value: handler.token})
	r.Header.Set("Last-Event-ID", last)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return booktest.NewStream(t, response)
}

// TestEvents: a page gets everything, and one that comes back gets what it has missed.
func TestEvents(t *testing.T) {
	l := open(t, "chapter01-right")
	handler, address := serveLab(t, l)
	page := tune(t, handler, address, "")
	_, session := page.Next("session")
	assert.JSONEq(t, `{"from":0}`, session)
	response := call{"POST", "/lab/start", `{"chapters":[1]}`, "", ""}.make(t, handler, address)
	assert.Equal(t, 200, response.StatusCode)
	_, session = page.Next("session")
	assert.JSONEq(t, `{"number":1,"chapters":[1],"from":0}`, session)
	id, data := page.Next("events")
	var events []Event
	require.NoError(t, json.Unmarshal([]byte(data), &events))
	assert.Equal(t, Started, events[0].Kind)
	assert.Equal(t, fmt.Sprint("1.", len(events)), id)
	_, sample := page.Next("sample")
	assert.Contains(t, sample, `"sides":[{`)

	assert.Equal(t, 200, call{"POST", "/lab/do", `{"do":"idle"}`, "", ""}.make(t, handler, address).StatusCode)
	again := tune(t, handler, address, id)
	_, session = again.Next("session")
	assert.JSONEq(t, fmt.Sprintf(`{"number":1,"chapters":[1],"from":%d}`, len(events)), session)
	for _, data = again.Next("events"); !strings.Contains(data, `"k":"opened"`); {
		assert.NotContains(t, data, `"k":"started"`)
		_, data = again.Next("events")
	}
	for _, stale := range []string{"", "0.1", "1.99999", "1.-1", "x"} {
		_, session = tune(t, handler, address, stale).Next("session")
		assert.JSONEq(t, `{"number":1,"chapters":[1],"from":0}`, session, stale)
	}
	call{"POST", "/lab/stop", "", "", ""}.make(t, handler, address)
	_, session = again.Next("session")
	assert.JSONEq(t, `{"from":0}`, session)
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
	host := strings.TrimPrefix(address, "http://")
	_, port, _ := net.SplitHostPort(host)
	conn, err := net.Dial("tcp", host)
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST /lab/start HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: lab-%s=%s\r\nContent-Length: 100\r\n\r\n{", host, address, port, handler.token)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, 400, response.StatusCode)
}
