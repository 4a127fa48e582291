package engine

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

const (
	keptLines = 40      // of a conversation, at its beginning and at its end
	keptBytes = 4 << 10 // of what a client has got
)

// A record is the conversation of a client. It is bounded.
type record struct {
	begin time.Time
	mu    sync.Mutex
	lines []line
	left  int // how many lines are left out, after the first keptLines
}

// A line is something that happened: bytes, or a note.
type line struct {
	at    time.Time
	arrow string // > to the server, < from it
	bytes string
	times int
	note  string
}

func (r *record) sent(s string, times int) { r.add(line{arrow: ">", bytes: s, times: times}) }
func (r *record) came(s string)            { r.add(line{arrow: "<", bytes: s, times: 1}) }
func (r *record) note(s string)            { r.add(line{arrow: "-", note: s}) }

func (r *record) add(l line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.at = time.Now()
	if len(r.lines) == 2*keptLines {
		r.lines = append(r.lines[:keptLines], r.lines[keptLines+1:]...)
		r.left++
	}
	r.lines = append(r.lines, l)
}

// text shows the conversation, line by line, with the time since its beginning.
func (r *record) text() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var text []string
	for i, l := range r.lines {
		if i == keptLines && r.left > 0 {
			text = append(text, fmt.Sprintf("%12s", fmt.Sprintf("… %d more …", r.left)))
		}
		text = append(text, fmt.Sprintf("%9s %s %s", human.Duration(l.at.Sub(r.begin)), l.arrow, l))
	}
	return text
}

func (l line) String() string {
	if l.note != "" {
		return l.note
	}
	if l.times == 1 {
		return quote(l.bytes)
	}
	return fmt.Sprintf("(%s)×%d", quote(l.bytes), l.times)
}

// sentText shows the last segments that were sent.
func (r *record) sentText() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var segments []string
	for _, l := range r.lines {
		if l.arrow == ">" {
			segments = append(segments, l.String())
		}
	}
	if len(segments) == 0 {
		return "nothing"
	}
	const shown = 4
	earlier := r.left + max(0, len(segments)-shown)
	text := strings.Join(segments[max(0, len(segments)-shown):], ", ")
	if earlier > 0 {
		return "… " + text
	}
	return text
}

// A tail keeps the end of what is added to it.
type tail struct {
	bytes []byte
	total int
}

func (t *tail) add(b []byte) {
	t.total += len(b)
	t.bytes = append(t.bytes, b[max(0, len(b)-keptBytes):]...)
	if extra := len(t.bytes) - keptBytes; extra > 0 {
		t.bytes = append(t.bytes[:0], t.bytes[extra:]...)
	}
}
