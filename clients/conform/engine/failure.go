package engine

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/concurrent-network-server/clients/internal/human"
)

// A Failure is what a client has met that the protocol does not allow.
type Failure struct {
	Problem      string   `json:"problem"`
	Sent         string   `json:"sent,omitempty"`     // the last segments, quoted
	Expected     string   `json:"expected,omitempty"` // quoted, its beginning as in Came
	Came         string   `json:"came,omitempty"`
	Offset       int      `json:"offset,omitempty"`       // of the first wrong or missing byte in what came
	AfterMS      float64  `json:"after_ms,omitempty"`     // since the client connected
	Connection   string   `json:"connection,omitempty"`   // how it stood or ended
	Death        string   `json:"death,omitempty"`        // the server served nobody afterwards
	Rule         string   `json:"rule,omitempty"`         // that is broken, if it isn't the group's
	Conversation []string `json:"conversation,omitempty"` // line by line
	mark         int      // the column of the first wrong byte in Expected and Came
	client       *Client  // that has met it
}

// Moment is how long a client looks whether something comes.
const Moment = 100 * time.Millisecond

const (
	maxShown = 48       // how many wrong bytes are shown
	endless  = 64 << 10 // wrong bytes after which nobody waits for the end
)

// Fail ends the client's part with a failure that is not about bytes.
func (c *Client) Fail(problem string) {
	if !c.Failed() {
		c.fails(c.failure(problem, time.Now()))
	}
}

// failure returns what the client has met at that time.
func (c *Client) failure(problem string, at time.Time) *Failure {
	return &Failure{
		client:  c,
		Problem: problem,
		Sent:    c.record.sentText(),
		AfterMS: float64(at.Sub(c.record.begin).Microseconds()) / 1000,

		Conversation: c.record.text(),
	}
}

// broken ends the client's part: in place of rest came what is unread, or nothing.
func (c *Client) broken(rest, problem string) {
	if c.Failed() {
		return
	}
	at := time.Now()
	if len(c.unread) > 0 {
		at = c.Last
	}
	wrong, end := c.lookOn()
	f := c.failure(problem, at)
	f.Offset, f.Connection = c.accepted.total, end
	f.compare(c.accepted, rest, wrong)
	c.fails(f)
}

// lookOn returns the bytes that have come and still come, and how the connection stands. It
// waits for more than it shows, so that what it says doesn't depend on how the bytes were cut.
func (c *Client) lookOn() (wrong, end string) {
	for len(wrong) < endless {
		wrong += string(c.unread)
		c.unread = nil
		if err := c.fill(Moment); errors.Is(err, os.ErrDeadlineExceeded) {
			return wrong, "the connection is open"
		} else if err != nil {
			return wrong, cause(err)
		}
	}
	return wrong, "the server was still sending when we hung up"
}

// compare sets what was expected and what came after what was right in both, so that the
// first difference is in the same column.
func (f *Failure) compare(right tail, rest, wrong string) {
	before := string(right.bytes)
	if right.total > len(right.bytes) || len(runs(before)) > 3 {
		before = before[max(0, len(before)-maxShown):]
	}
	text := ""
	if before != "" {
		text = quote(before)
	}
	if extra := right.total - len(before); extra > 0 {
		text = fmt.Sprintf("…%s bytes… %s", human.Count(float64(extra)), text)
	}
	inside := strings.HasSuffix(text, `"`) && !folds(rest) && !folds(wrong)
	if inside {
		text = strings.TrimSuffix(text, `"`)
	} else if text != "" {
		text += " "
	}
	f.Expected, f.Came = text+show(rest, inside), text+show(wrong, inside)
	f.mark = utf8.RuneCountInString(text)
	if !inside {
		f.mark++ // the quotation mark
	}
}

// folds reports whether a quotation of s begins with a folded run.
func folds(s string) bool { return s != "" && runs(s)[0].times > 1 }

// show quotes the beginning of s, inside a quotation that has been opened or in one of its
// own.
func show(s string, inside bool) string {
	quoted := quote(s[:min(len(s), maxShown)])
	if len(s) > maxShown {
		quoted += " …"
	}
	if inside {
		return strings.TrimPrefix(quoted, `"`)
	}
	return quoted
}

// Text shows the failure, line by line.
func (f *Failure) Text() []string {
	var lines []string
	add := func(name, text string) { lines = append(lines, fmt.Sprintf("%-10s%s", name, text)) }
	if f.Sent != "" {
		add("sent", f.Sent)
	}
	if f.Came == "" {
		add("problem", f.Problem)
	} else {
		add("expected", f.Expected)
		add("came", f.Came)
		add("", strings.Repeat(" ", f.mark)+"^ "+f.Problem)
	}
	if f.AfterMS > 0 {
		add("when", human.Duration(time.Duration(f.AfterMS*float64(time.Millisecond)))+" after the client connected")
	}
	if f.Connection != "" {
		add("then", f.Connection)
	}
	if f.Death != "" {
		add("death", f.Death)
	}
	return lines
}
