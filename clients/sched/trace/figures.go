package trace

import "time"

// Figures are how long a row was in each state, in a window of time or in its whole life.
type Figures struct {
	Life  time.Duration
	In    [Calls + 1]time.Duration
	Stand Span // the longest time for which it stood runnable
	Wait  Span // the longest wait
}

// Figures adds up what happens between two moments.
func (r Row) Figures(from, to time.Duration) Figures {
	var f Figures
	for _, s := range r.Between(from, to) {
		f.In[s.State] += s.Length()
		f.Life += s.Length()
		switch {
		case s.State == Stands && s.Length() > f.Stand.Length():
			f.Stand = s
		case s.State == Waits && s.Length() > f.Wait.Length():
			f.Wait = s
		}
	}
	return f
}

// Life returns when the row begins and ends.
func (r Row) Life() (from, to time.Duration) {
	if len(r.Spans) == 0 {
		return 0, 0
	}
	return r.Spans[0].From, r.Spans[len(r.Spans)-1].To
}

// cut returns the parts of spans that lie between two moments.
func cut(spans []Span, from, to time.Duration) []Span {
	var list []Span
	for _, s := range spans {
		s.From, s.To = max(s.From, from), min(s.To, to)
		if s.To > s.From {
			list = append(list, s)
		}
	}
	return list
}

// Between returns the row's spans between two moments.
func (r Row) Between(from, to time.Duration) []Span { return cut(r.Spans, from, to) }

// Why says in a word or two what a wait is for.
func (s Span) Why() string {
	switch s.Reason {
	case "network":
		return "socket"
	case "chan receive", "chan send", "select":
		return "channel"
	case "sync", "sync.Cond":
		return "lock"
	case Coroutine:
		return "its turn"
	case "":
		return "unknown"
	}
	return s.Reason // sleep, or something of the runtime's
}
