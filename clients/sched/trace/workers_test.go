package trace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

const ms = time.Millisecond

// goroutine returns one that has been in a function and does this, one after another.
func goroutine(id int64, function string, spans ...Span) *Goroutine {
	for i := range spans[1:] {
		spans[i].To = spans[i+1].From
	}
	spans[len(spans)-1].To = 100 * ms
	return &Goroutine{ID: id, Spans: spans, seen: map[string]bool{function: true}}
}

func waits(at time.Duration, reason string) Span {
	return Span{State: Waits, From: at, P: -1, Reason: reason}
}
func runs(at time.Duration) Span { return Span{State: Runs, From: at} }

// TestWorkers has two workers and three clients. The second worker has to wait for its client, and
// the accept loop for the first to be free again, so that this one never waits in between.
func TestWorkers(t *testing.T) {
	const work = "main.(*Server).Serve.func2"
	trace := &Trace{
		Run: Run{Chapter: 4, Clients: []Client{{Name: "A"}, {Name: "B"}, {Name: "C"}, {Name: "D"}}},
		Goroutines: []*Goroutine{
			goroutine(main, "main.acceptRetry", waits(0, "network"), runs(5*ms), waits(30*ms, "chan send"), runs(40*ms)),
			goroutine(7, work, waits(0, ""), runs(10*ms), waits(45*ms, "network"), runs(46*ms), waits(70*ms, "chan receive")),
			goroutine(8, work, waits(0, "chan receive"), runs(20*ms)),
			goroutine(9, "runtime.gcBgMarkWorker", waits(0, "chan receive"), runs(15*ms)),
		},
		wakes: []wake{{10 * ms, main, 7, ""}, {15 * ms, main, 9, "chan receive"}, {20 * ms, main, 8, "chan receive"},
			{40 * ms, 7, main, "chan send"}, {50 * ms, 7, main, "network"}},
	}
	cast := trace.Cast()
	type row struct {
		name     string
		from, to time.Duration
	}
	var got []row
	for _, r := range cast.Rows {
		from, to := r.Life()
		got = append(got, row{r.Name, from, to})
	}
	assert.Equal(t, []row{{"A", 10 * ms, 40 * ms}, {"B", 20 * ms, 100 * ms}, {"C", 40 * ms, 70 * ms}}, got)
	assert.Equal(t, []Span{{State: Runs, From: 10 * ms, To: 40 * ms}}, cast.Rows[0].Spans, "what the worker does after A is no part of A's service")
	assert.Equal(t, []Piece{{30 * ms, 40 * ms, 0}, {40 * ms, 50 * ms, 2}}, cast.Pieces(7, 30*ms, 50*ms))
	assert.Equal(t, 1, cast.Client(8, 30*ms))
	assert.Equal(t, Nobody, cast.Client(9, 30*ms))
	assert.Equal(t, "3 of 4 clients were served. The others have no goroutine.", cast.Missing)
}

// TestPool has a worker that waits for the first number and finds the second one waiting.
func TestPool(t *testing.T) {
	made := func(g *Goroutine, functions ...string) *Goroutine {
		g.Parent, g.made = main, append(functions, "main.main")
		return g
	}
	const accept = "example.com/server.(*Server).accept"
	trace := &Trace{
		Run: Run{Chapter: 9, Clients: []Client{{Name: "A"}, {Name: "B"}}},
		Goroutines: []*Goroutine{
			goroutine(main, "main.main", runs(0)),
			goroutine(7, poolFunction+"1", waits(0, "chan receive"), runs(10*ms)),
			made(goroutine(12, "handler.Handle", runs(5*ms), waits(10*ms, "chan receive")), accept),
			made(goroutine(11, "handler.Handle", runs(6*ms), waits(20*ms, "select")), "sync.(*WaitGroup).Go", accept),
			made(goroutine(14, "time.goFunc", runs(7*ms)), "context.AfterFunc"),
			goroutine(13, "server.(*conn).watch", waits(5*ms, "network")),
		},
		wakes: []wake{{10 * ms, 12, 7, "chan receive"}, {50 * ms, 7, 12, "chan receive"}, {50 * ms, 7, 11, "select"}, {60 * ms, 12, 13, "network"}},
	}
	cast := trace.Cast()
	assert.Equal(t, []Piece{{0, 10 * ms, Nobody}, {10 * ms, 50 * ms, 0}, {50 * ms, 100 * ms, 1}}, cast.Pieces(7, 0, 100*ms))
	var names []string
	for _, r := range cast.Rows {
		names = append(names, r.Name)
	}
	assert.Equal(t, []string{"A", "B", "Worker 1"}, names)
	assert.Empty(t, cast.Missing)
}
