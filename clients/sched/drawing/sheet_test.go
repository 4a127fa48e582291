package drawing

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/sched/trace"
)

// TestSheet has the window's values as a page gets them: times in microseconds from its begin.
func TestSheet(t *testing.T) {
	w := window()
	w.From = 10 * ms
	text, err := json.Marshal(w.Sheet())
	require.NoError(t, err)
	assert.JSONEq(t, `{"from": 10000, "to": 100000, "says": `+quoted(t, w.describe())+`,
		"ps": [
			{"name": "P0", "says": "busy 27%", "bars": [[0, 20000, "work"], [30000, 4000, "rest"]]},
			{"name": "P1", "says": "busy 0%", "bars": null}],
		"rows": [
			{"name": "Echo", "says": "ran 1.00ms, stood 30.0ms", "bars": [[0, 10000, "thin"], [10000, 30000, "stand"],
				[40000, 1000, "echo"], [41000, 29000, "call"], [70000, 20000, "thin"]]},
			{"name": "Small", "says": "no goroutine", "bars": [[20000, 30000, "unseen"]]}],
		"table": [["Echo", "100ms", "1.00ms", "30.0ms", "40.0ms", "29.0ms", "30.0ms runnable, 20.0ms unknown"], ["Small", "no goroutine"]]
	}`, string(text))
}

func quoted(t *testing.T, text string) string {
	data, err := json.Marshal(text)
	require.NoError(t, err)
	return string(data)
}

// TestSheetOfMany bounds what a page gets: echoes that follow each other too closely to be told
// apart, even if one looks closer, are one bar, and the marks of those that can be are there.
func TestSheetOfMany(t *testing.T) {
	w := window()
	w.Cast = &trace.Cast{Rows: []trace.Row{{Name: "Echo", Client: 0, Goroutine: 7}}}
	w.Ps, w.To = [][]trace.Slice{nil}, 10*time.Second
	for at := time.Duration(0); at < w.To; at += 10 * time.Microsecond {
		w.Ps[0] = append(w.Ps[0], trace.Slice{Goroutine: 7, From: at, To: at + 5*time.Microsecond})
	}
	assert.Less(t, len(w.Sheet().Ps[0].Bars), 4000)
	assert.Equal(t, "busy 50%", w.Sheet().Ps[0].Says)
}
