package drawing

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"example.com/concurrent-network-server/clients/sched/trace"
)

const ms = time.Millisecond

func span(state trace.State, from, to time.Duration) trace.Span {
	return trace.Span{State: state, From: from, To: to, P: -1}
}

// window shows a client that waits, stands runnable for 30 ms, and runs at the end for a moment,
// and another one that only its own clock knows.
func window() Window {
	echo := trace.Row{Name: "Echo", Client: 0, Goroutine: 7, Spans: []trace.Span{
		span(trace.Waits, 0, 20*ms), span(trace.Stands, 20*ms, 50*ms), span(trace.Runs, 50*ms, 51*ms),
		span(trace.Calls, 51*ms, 80*ms), span(trace.Waits, 80*ms, 100*ms),
	}}
	unseen := trace.Client{Name: "Small", Connected: 30 * ms, Answered: 60 * ms}
	return Window{
		Trace: &trace.Trace{
			Run: trace.Run{Chapter: 8, Name: "test", Scenario: "none", Clients: []trace.Client{{Name: "Echo"}, unseen}},
			Ps:  [][]trace.Slice{{{Goroutine: 9, From: 0, To: 30 * ms}, {Goroutine: 1, From: 40 * ms, To: 44 * ms}}, nil},
		},
		Cast: &trace.Cast{Rows: []trace.Row{echo, {Name: "Small", Client: 1, Unseen: &unseen}}, Loop: 9},
		To:   100 * ms,
	}
}

// TestText proves what is in each cell. What takes a moment is seen, but not instead of what
// takes longer; waiting is.
func TestText(t *testing.T) {
	var rows []string
	for _, line := range window().Text(nameWidth + 10)[3:] {
		if !strings.HasPrefix(line, "runnable") && line != "" {
			rows = append(rows, line)
		}
	}
	rows = rows[len(rows)-5:]
	assert.Equal(t, []string{
		"P0         ███ ·",
		"P1",
		"Echo       ··▒▒▒▂▂▂··",
		"Small         ┄┄┄",
		"           0s   100ms",
	}, rows)
}

// TestPicture proves that runnable is drawn as such, for as long as it lasts, and that what is too
// short to be seen is seen.
func TestPicture(t *testing.T) {
	w := window()
	p := w.Picture()
	found := map[string]float64{}
	for _, s := range p.Shapes {
		if s.Y > top+gap+2*rowHeight && s.Y < top+gap+4*rowHeight { // the clients
			found[s.Class] += s.W
		}
	}
	assert.InDelta(t, axisWidth*0.3, found["stand"], 0.01)
	assert.InDelta(t, axisWidth*0.4, found["thin"], 0.01)
	assert.InDelta(t, axisWidth*0.3, found["unseen"], 0.01)
	assert.InDelta(t, axisWidth*0.01, found["echo"], 0.01)
	w.To = 10 * time.Second
	for _, s := range w.Picture().Shapes {
		if s.Class == "echo" || s.Class == "stand" {
			assert.GreaterOrEqual(t, s.W, leastWidth)
		}
	}
	assert.Contains(t, p.Description, "Echo ran 1.00ms, stood runnable 30.0ms, waited 40.0ms and was in system calls 29.0ms, of 100ms.")
	assert.Contains(t, p.Description, "Small has no goroutine; it connects at 30.0ms and is answered at 60.0ms.")
}

func TestClock(t *testing.T) {
	for _, test := range []struct {
		from, to, at time.Duration
		want         string
	}{
		{0, 400 * ms, 50 * ms, "50ms"},
		{3 * time.Second, 3400 * ms, 3050 * ms, "3.05s"},
		{0, 7 * time.Second, time.Second, "1s"},
		{0, 100 * time.Microsecond, 20 * time.Microsecond, "20µs"},
		{0, 1 * ms, 1 * ms, "1ms"},
		{0, 1 * ms, 0, "0s"},
	} {
		assert.Equal(t, test.want, Window{From: test.from, To: test.to}.clock(test.at))
	}
}
