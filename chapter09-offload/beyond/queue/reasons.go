package queue

import (
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
)

// reasons log what is wrong, in the words of whoever says so: each once a minute at most, and
// no more than a few in a minute, because some of them come from outside. Those that differ in
// a number only, such as the time, are the same.
type reasons struct {
	mu   sync.Mutex
	said map[string]time.Time
}

const (
	noHelp = "the broker is no help"

	every = time.Minute
	few   = 20
	short = 200 // bytes of what somebody says
)

// warn logs that something is the case, and why.
func (r *reasons) warn(what string, err error) {
	if r.isNew(what, err) {
		slog.Warn(what, "err", clip(err))
	}
}

func noDigit(r rune) rune {
	if unicode.IsDigit(r) {
		return -1
	}
	return r
}

func clip(err error) string { return err.Error()[:min(len(err.Error()), short)] }

func (r *reasons) isNew(what string, err error) bool {
	text := strings.Map(noDigit, what+clip(err))
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for old, when := range r.said {
		if now.Sub(when) >= every {
			delete(r.said, old)
		}
	}
	if _, known := r.said[text]; known || len(r.said) == few {
		return false
	}
	if r.said == nil {
		r.said = map[string]time.Time{}
	}
	r.said[text] = now
	return true
}
