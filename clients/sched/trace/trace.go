// Package trace reads an execution trace of a chapter's server: what each goroutine did and
// when, and what ran on each P.
package trace

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	exp "golang.org/x/exp/trace"
)

// A Trace is what happened in a server. Its times count from the beginning of the scenario; what
// was there before has negative ones.
type Trace struct {
	Run
	Ps         [][]Slice // what ran on each P
	Goroutines []*Goroutine
	wakes      []wake
}

// A Run says what was recorded. It is in the trace, as a log message of its own.
type Run struct {
	Chapter    int
	Name       string // of the chapter
	Scenario   string
	Flags      []string // of the server
	Begin, End time.Time
	Clients    []Client
	Note       string // what the clients have to say about it
}

// A Client is what a client itself has seen: a server may not give it a goroutine.
type Client struct {
	Name                string
	Connected, Answered time.Duration // since Begin; 0 if it isn't known
}

// A Goroutine is its spans, each of which begins where the one before ends.
type Goroutine struct {
	ID     int64
	Spans  []Span
	Parent int64           // the goroutine that created it, or -1
	made   []string        // the functions in which it was created
	seen   map[string]bool // the functions in which it has been
	gone   bool
}

// A Slice is a time for which a goroutine runs on a P.
type Slice struct {
	Goroutine int64
	From, To  time.Duration
}

// A wake is that one goroutine makes another runnable, which has waited for a reason.
type wake struct {
	at      time.Duration
	by, who int64
	reason  string
}

// Category is that of the log message with the Run.
const Category = "sched"

// ErrCut is why a trace without its end is worth nothing: what is missing may be what was
// looked for.
var ErrCut = errors.New("the trace is cut short")

// Read reads a whole trace.
func Read(r io.Reader) (*Trace, error) {
	buffered := bufio.NewReader(r)
	if start, _ := buffered.Peek(len("go 1.")); string(start) != "go 1." {
		return nil, errors.New("it is no execution trace of Go's")
	}
	reader, err := exp.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrCut, err)
	}
	b := newBuilder()
	for {
		e, err := reader.ReadEvent()
		if err == io.EOF {
			return b.finish()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrCut, firstLine(err))
		}
		if err := b.take(e); err != nil {
			return nil, err
		}
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// A builder puts a trace together, event by event.
type builder struct {
	t          *Trace
	run        string // as it was logged, in pieces
	clock      *exp.ClockSnapshot
	last       exp.Time
	goroutines map[int64]*Goroutine
	on         map[exp.ProcID]int64 // what runs there
}

func newBuilder() *builder {
	return &builder{t: &Trace{}, goroutines: map[int64]*Goroutine{}, on: map[exp.ProcID]int64{}}
}

func (b *builder) take(e exp.Event) error {
	b.last = e.Time()
	switch e.Kind() {
	case exp.EventSync:
		if b.clock == nil {
			b.clock = e.Sync().ClockSnapshot
		}
		if b.clock == nil {
			return fmt.Errorf("%w: its clock is missing", ErrCut)
		}
	case exp.EventLog:
		if e.Log().Category == Category {
			b.run += e.Log().Message
		}
	case exp.EventMetric:
		if e.Metric().Name == "/sched/gomaxprocs:threads" {
			b.addPs(int(e.Metric().Value.Uint64()))
		}
	case exp.EventStateTransition:
		if e.StateTransition().Resource.Kind == exp.ResourceGoroutine {
			b.transition(e)
		}
	}
	return nil
}

func (b *builder) addPs(n int) {
	for len(b.t.Ps) < n {
		b.t.Ps = append(b.t.Ps, nil)
	}
}

// since returns how long after the first moment of the trace something was.
func (b *builder) since(t exp.Time) time.Duration { return t.Sub(b.clock.Trace) }

// finish ends what goes on, and lets the times begin with the scenario.
func (b *builder) finish() (*Trace, error) {
	if json.Unmarshal([]byte(b.run), &b.t.Run) != nil {
		return nil, fmt.Errorf("%w: what was recorded is said at the end, and isn't there", ErrCut)
	}
	end := b.since(b.last)
	for p := range b.on {
		b.leave(p, end)
	}
	// Their numbers are no order: each P takes its own from a stock.
	b.t.Goroutines = slices.SortedFunc(maps.Values(b.goroutines), func(x, y *Goroutine) int {
		return cmp.Or(cmp.Compare(x.Spans[0].From, y.Spans[0].From), cmp.Compare(x.ID, y.ID))
	})
	for _, g := range b.t.Goroutines {
		g.finish(end)
	}
	b.t.shift(b.t.Begin.Sub(b.clock.Wall))
	return b.t, nil
}

// shift makes all times begin that much later.
func (t *Trace) shift(by time.Duration) {
	for _, g := range t.Goroutines {
		for i := range g.Spans {
			g.Spans[i].From -= by
			g.Spans[i].To -= by
		}
	}
	for _, slices := range t.Ps {
		for i := range slices {
			slices[i].From -= by
			slices[i].To -= by
		}
	}
	for i := range t.wakes {
		t.wakes[i].at -= by
	}
}

// Length returns how long the scenario took.
func (t *Trace) Length() time.Duration { return t.End.Sub(t.Begin) }
