// Package drawing draws what a trace tells: as text for a terminal, and as a picture.
package drawing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// A Window is the part of a trace that is drawn.
type Window struct {
	*trace.Trace
	*trace.Cast
	From, To time.Duration
}

// Title says what was recorded.
func (w Window) Title() string {
	title := fmt.Sprintf("Chapter %d: %s", w.Chapter, w.Name)
	if len(w.Flags) > 0 {
		title += ", " + strings.Join(w.Flags, " ")
	}
	return title + ". Scenario: " + w.Scenario
}

// present returns the rows of which there is something to be seen.
func (w Window) present() []trace.Row {
	return slices.DeleteFunc(slices.Clone(w.Rows), func(r trace.Row) bool {
		if r.Unseen != nil {
			return r.Unseen.Connected >= w.To || r.Unseen.Answered > 0 && r.Unseen.Answered <= w.From
		}
		return len(r.Between(w.From, w.To)) == 0
	})
}

// sentence says in words what there is to know about a row.
func (w Window) sentence(r trace.Row) string {
	if r.Unseen != nil {
		if r.Unseen.Answered == 0 {
			return fmt.Sprintf("%s has no goroutine; it connects at %s and is not answered.", r.Name, human.Duration(r.Unseen.Connected))
		}
		return fmt.Sprintf("%s has no goroutine; it connects at %s and is answered at %s.", r.Name,
			human.Duration(r.Unseen.Connected), human.Duration(r.Unseen.Answered))
	}
	f := r.Figures(r.Life())
	text := fmt.Sprintf("%s ran %s, stood runnable %s, waited %s and was in system calls %s, of %s.", r.Name,
		human.Duration(f.In[trace.Runs]), human.Duration(f.In[trace.Stands]), human.Duration(f.In[trace.Waits]),
		human.Duration(f.In[trace.Calls]), human.Duration(f.Life))
	if f.Wait.Length() > 0 {
		text += fmt.Sprintf(" Its longest wait was %s (%s).", human.Duration(f.Wait.Length()), f.Wait.Why())
	}
	if f.Stand.Length() > 0 {
		text += fmt.Sprintf(" It stood runnable for %s at most.", human.Duration(f.Stand.Length()))
	}
	return text
}

// clock writes a moment on the axis, as exactly as the window's length asks for.
func (w Window) clock(at time.Duration) string {
	unit, name := time.Second, "s"
	switch {
	case w.To < time.Millisecond:
		unit, name = time.Microsecond, "µs"
	case w.To < time.Second:
		unit, name = time.Millisecond, "ms"
	}
	if at == 0 {
		return "0s"
	}
	digits := 0
	for step := (w.To - w.From) / 10; step < unit && digits < 6; digits++ {
		step *= 10
	}
	text := fmt.Sprintf("%.*f", digits, float64(at)/float64(unit))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + name
}

// mark is the letter or number of a client, if it is one.
func (w Window) mark(client int) string {
	if client == trace.Nobody {
		return ""
	}
	name := fmt.Sprint(client + 1)
	if client < len(w.Clients) {
		name = w.Clients[client].Name
	}
	if _, number, ok := strings.Cut(name, " "); ok {
		return number
	}
	return name[:1]
}

// isEcho tells the client for whose sake one looks.
func (w Window) isEcho(client int) bool {
	return client != trace.Nobody && client < len(w.Clients) && strings.EqualFold(w.Clients[client].Name, "echo")
}
