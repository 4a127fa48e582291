package lab

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/concurrent-network-server/clients/book/sse"
)

// together is how long events are held back to be sent as one message.
const together = 40 * time.Millisecond

// events tells a page of all that happens.
func (h *Handler) events(w http.ResponseWriter, r *http.Request) {
	p := &page{stream: sse.New(w), gone: r.Context().Done(), last: r.Header.Get("Last-Event-ID")}
	for p.err == nil {
		p.follow(h.lab)
	}
}

// A page is a browser's that looks at the lab.
type page struct {
	stream *sse.Stream
	gone   <-chan struct{}
	last   string // the last message that it has got
	err    error
}

// follow tells a page of one session, until there is another.
func (p *page) follow(l *Lab) {
	s, changed, leave := l.join()
	defer leave()
	if s == nil {
		p.send("session", "", s.told(0))
		p.await(changed, nil, nil)
		return
	}
	next := p.resume(s)
	p.send("session", "", s.told(next))
	for told := int64(-1); p.err == nil; {
		events, more := s.history.since(next)
		if len(events) > 0 {
			next += len(events)
			p.send("events", fmt.Sprintf("%d.%d", s.number, next), events)
		}
		if sample := s.lastSample(); sample.At != told && sample.Servers != nil {
			told = sample.At
			p.send("sample", "", sample)
		}
		p.await(nil, nil, time.After(together))
		if p.await(changed, more, time.After(together)) {
			return
		}
	}
}

// A toldSession is what a page learns of a session; of none, it learns nothing.
type toldSession struct {
	Number   int   `json:"number,omitempty"`
	Chapters []int `json:"chapters,omitempty"`
	From     int   `json:"from"` // the number of the first event that follows
}

func (s *session) told(from int) toldSession {
	if s == nil {
		return toldSession{}
	}
	t := toldSession{Number: s.number, From: from}
	for _, server := range s.servers {
		t.Chapters = append(t.Chapters, server.chapter.Number)
	}
	return t
}

// resume returns how many events of a session the page has already.
func (p *page) resume(s *session) int {
	var number, next int
	fmt.Sscanf(p.last, "%d.%d", &number, &next)
	p.last = ""
	if events, _ := s.history.since(0); number != s.number || next < 0 || next > len(events) {
		return 0
	}
	return next
}

// await waits for one of these, or for the page to go. It reports whether it was the first.
func (p *page) await(changed, more <-chan struct{}, later <-chan time.Time) bool {
	select {
	case <-changed:
		return true
	case <-more:
	case <-later:
	case <-p.gone:
		p.err = io.EOF
	}
	return false
}

// send sends a message.
func (p *page) send(event, id string, value any) {
	if p.err == nil {
		p.err = p.stream.Send(event, id, value)
	}
}
