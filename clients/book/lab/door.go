package lab

import (
	"net/http"
	"strings"
)

const onlyPost = "What does something is a POST."

// Share returns a handler for two: requests for paths that begin with the prefix go to the other one,
// if the lab lets them in, and all others go to the lab.
func (h *Handler) Share(prefix string, other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, prefix) || r.URL.Query().Has("lab") {
			h.ServeHTTP(w, r)
		} else if why := h.refusal(r); why != "" && r.Header.Get("Accept") == "text/event-stream" {
			w.WriteHeader(http.StatusNoContent) // ends an EventSource for good, without an error in the reader's console
		} else if why != "" {
			refuse(w, why)
		} else {
			other.ServeHTTP(w, r)
		}
	})
}

// refusal says why a request isn't let in, if it isn't. One that only looks needs the cookie; one that
// does something must come from a page of the book, too.
func (h *Handler) refusal(r *http.Request) string {
	switch {
	case !h.knows(r):
		return "This opens with the link that the book has printed in the terminal."
	case r.Method == http.MethodGet:
		return ""
	case r.Method != http.MethodPost:
		return onlyPost
	case r.Header.Get("Origin") != "http://"+r.Host:
		return "That page is none of the book's."
	}
	return ""
}
