package lab

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody is how long a request may be, in bytes.
const maxBody = 4 << 10

// bodyTime is for it to arrive.
var bodyTime = 5 * time.Second

// A Handler lets in who has the token: the reader who has the link from his terminal. A page of
// the web does not have it, even if it makes his browser speak to the lab.
type Handler struct {
	lab   *Lab
	token string
	once  string      // opens the lab as well, for the first who has it
	used  atomic.Bool // it has been used
}

// NewHandler returns a handler with a new token.
func NewHandler(lab *Lab) *Handler { return &Handler{lab: lab, token: rand.Text(), once: rand.Text()} }

// Link adds the token to the address of a page. Whoever opens it gets the cookie.
func (h *Handler) Link(page string) string { return page + "?lab=" + h.token }

// LinkOnce is Link for the command that opens a browser. Others on the machine can read its arguments,
// so it works once.
func (h *Handler) LinkOnce(page string) string { return page + "?lab=" + h.once }

// ServeHTTP answers requests for /lab/..., and for any page with a token. The caller has
// seen to it that they are for this host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch why := h.refusal(r); {
	case r.URL.Query().Has("lab"):
		h.enter(w, r)
	case why != "":
		refuse(w, why)
	case r.URL.Path == "/lab/events" && r.Method == http.MethodGet:
		h.events(w, r)
	case r.URL.Path == "/lab/session" && r.Method == http.MethodGet:
		json.NewEncoder(w).Encode(h.lab.session().told(0))
	case r.Method != http.MethodPost:
		refuse(w, onlyPost)
	default:
		h.act(w, r)
	}
}

func refuse(w http.ResponseWriter, why string) { http.Error(w, why, http.StatusForbidden) }

// enter exchanges the token for a cookie, so that it is no longer in the address.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) {
	if token := r.URL.Query().Get("lab"); !h.is(token) && !h.isFirst(token) {
		refuse(w, "This link is of another run of the book: take the one from the terminal.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookie(r), Value: h.token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, (&url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/")}).String(), http.StatusSeeOther)
}

// cookie returns its name. Browsers send cookies to all ports of a host, so that of another
// book has another name.
func cookie(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "lab-" + port
}

func (h *Handler) knows(r *http.Request) bool {
	c, err := r.Cookie(cookie(r))
	return err == nil && h.is(c.Value)
}

func (h *Handler) is(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(h.token)) == 1
}

func (h *Handler) isFirst(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(h.once)) == 1 && h.used.CompareAndSwap(false, true)
}

// act does what is asked for. The answer is the number of the session that it has begun, or
// 0; how the rest of it went is told as events.
func (h *Handler) act(w http.ResponseWriter, r *http.Request) {
	var number int
	var err error
	switch r.URL.Path {
	case "/lab/start":
		var choice Choice
		if err = decode(w, r, &choice); err == nil {
			number, err = h.lab.Start(choice)
		}
	case "/lab/do":
		var request Request
		if err = decode(w, r, &request); err == nil {
			err = h.lab.Do(request)
		}
	case "/lab/stop":
		h.lab.Stop()
	default:
		http.NotFound(w, r)
		return
	}
	if errors.Is(err, errTaken) {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, number)
}

func decode(w http.ResponseWriter, r *http.Request, value any) error {
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(bodyTime))
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(value); err != nil {
		return fmt.Errorf("what is asked for can't be read: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one thing is asked for")
	}
	return control.SetReadDeadline(time.Time{}) // after an error, the server wants to read the rest
}
