// Package sse tells a page of what happens, as server-sent events:
// https://html.spec.whatwg.org/multipage/server-sent-events.html
package sse

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// asleep is how long a page may take nothing before it is given up. It comes back.
const asleep = 30 * time.Second

// A Stream is a connection to a page.
type Stream struct {
	w       io.Writer
	control *http.ResponseController
}

// New begins to answer a request with events.
func New(w http.ResponseWriter) *Stream {
	w.Header().Set("Content-Type", "text/event-stream")
	return &Stream{w, http.NewResponseController(w)}
}

// Send sends a message. A page that comes back tells the last id that it has got.
func (s *Stream) Send(event, id string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	s.control.SetWriteDeadline(time.Now().Add(asleep))
	if _, err := fmt.Fprintf(s.w, "event: %s\n%sdata: %s\n\n", event, id, data); err != nil {
		return err
	}
	return s.control.Flush()
}
