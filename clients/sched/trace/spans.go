package trace

import (
	"time"

	exp "golang.org/x/exp/trace"
)

// A State is what a goroutine does, or why it doesn't.
type State int

// The states.
const (
	Runs   State = iota
	Stands       // it could run, and nobody lets it: Go says runnable
	Waits
	Calls // it is in a system call
)

// A Span is a time in one state.
type Span struct {
	State
	From, To time.Duration
	P        int    // on which it runs, or -1
	Reason   string // why it waits, or why it no longer runs: preempted
}

// Length returns how long the span is.
func (s Span) Length() time.Duration { return s.To - s.From }

// switchTime is what the reader makes of a switch between coroutines, which is one event: the
// other becomes runnable, this one waits a nanosecond later, and after another one the other
// runs. In truth nobody was ever runnable.
const switchTime = 2 * time.Nanosecond

// transition takes a change of a goroutine's state.
func (b *builder) transition(e exp.Event) {
	change := e.StateTransition()
	from, to := change.Goroutine()
	if from == to {
		return // it is only repeated, now and then
	}
	at, id := b.since(e.Time()), int64(change.Resource.Goroutine())
	g := b.goroutine(id)
	for frame := range change.Stack.Frames() {
		g.seen[frame.Func] = true
	}
	switch from {
	case exp.GoUndetermined:
		at = 0 // that is how the trace began
	case exp.GoNotExist:
		g.Parent = int64(e.Goroutine())
		for frame := range e.Stack().Frames() {
			g.made = append(g.made, frame.Func)
		}
	case exp.GoWaiting:
		if to == exp.GoRunnable {
			b.t.wakes = append(b.t.wakes, wake{at, int64(e.Goroutine()), id, g.reason()})
		}
	case exp.GoRunning:
		b.leave(e.Proc(), at)
	}
	if to == exp.GoRunning && e.Proc() != exp.NoProc {
		b.enter(e.Proc(), id, at)
	}
	g.turn(span(to, e.Proc(), at, change.Reason))
	g.gone = to == exp.GoNotExist
}

func (b *builder) goroutine(id int64) *Goroutine {
	g, ok := b.goroutines[id]
	if !ok {
		g = &Goroutine{ID: id, Parent: -1, seen: map[string]bool{}}
		b.goroutines[id] = g
	}
	return g
}

// enter notes that a goroutine runs on a P from now on, and leave that it no longer does.
func (b *builder) enter(p exp.ProcID, id int64, at time.Duration) {
	b.addPs(int(p) + 1)
	b.on[p] = id
	b.t.Ps[p] = append(b.t.Ps[p], Slice{id, at, at})
}

func (b *builder) leave(p exp.ProcID, at time.Duration) {
	if _, ok := b.on[p]; ok {
		delete(b.on, p)
		b.t.Ps[p][len(b.t.Ps[p])-1].To = at
	}
}

// span returns the span that begins with a change to a state.
func span(to exp.GoState, p exp.ProcID, at time.Duration, reason string) Span {
	s := Span{From: at, To: at, P: -1, Reason: reason}
	switch to {
	case exp.GoRunning:
		s.State, s.P = Runs, int(p)
	case exp.GoRunnable:
		s.State = Stands
	case exp.GoSyscall:
		s.State = Calls
	default:
		s.State = Waits
	}
	return s
}

// turn ends the span before, and begins another.
func (g *Goroutine) turn(next Span) {
	if n := len(g.Spans); n > 0 {
		last := &g.Spans[n-1]
		last.To = next.From
		if n > 1 && last.State == Stands && last.Length() <= switchTime && g.Spans[n-2].State == Waits {
			g.Spans = g.Spans[:n-1]
			g.Spans[n-2].To, g.Spans[n-2].Reason = next.From, Coroutine
		}
	}
	g.Spans = append(g.Spans, next)
}

// Coroutine is the reason of a wait that another coroutine ends, by switching to this one.
const Coroutine = "coroutine"

// reason returns why the goroutine waits.
func (g *Goroutine) reason() string {
	if len(g.Spans) == 0 {
		return ""
	}
	return g.Spans[len(g.Spans)-1].Reason
}

// finish ends the last span: with the goroutine, whose end is no span, or with the trace.
func (g *Goroutine) finish(end time.Duration) {
	n := len(g.Spans)
	if g.gone {
		g.Spans = g.Spans[:n-1]
		return
	}
	g.Spans[n-1].To = end
}
