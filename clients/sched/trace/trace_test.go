package trace_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/sched/trace"
)

// recorded are the chapters of which there is a trace of the script.
var recorded = []int{3, 5, 7, 9}

// text returns the trace of a chapter.
func text(t *testing.T, chapter int) []byte {
	file, err := os.Open(fmt.Sprintf("../testdata/chapter%d.trace.gz", chapter))
	require.NoError(t, err)
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	require.NoError(t, err)
	text, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	return text
}

func read(t *testing.T, chapter int) *trace.Trace {
	read, err := trace.Read(bytes.NewReader(text(t, chapter)))
	require.NoError(t, err)
	return read
}

// each runs a test with each trace.
func each(t *testing.T, test func(t *testing.T, read *trace.Trace)) {
	for _, chapter := range recorded {
		t.Run(fmt.Sprint("chapter", chapter), func(t *testing.T) { test(t, read(t, chapter)) })
	}
}

// TestOneAtATime proves that no P runs two goroutines at once, and no goroutine runs on two Ps.
func TestOneAtATime(t *testing.T) {
	each(t, func(t *testing.T, read *trace.Trace) {
		byGoroutine := map[int64][]trace.Slice{}
		for _, list := range read.Ps {
			apart(t, list)
			for _, s := range list {
				byGoroutine[s.Goroutine] = append(byGoroutine[s.Goroutine], s)
			}
		}
		for _, list := range byGoroutine {
			slices.SortFunc(list, func(a, b trace.Slice) int { return int(a.From - b.From) })
			apart(t, list)
		}
	})
}

func apart(t *testing.T, list []trace.Slice) {
	for i, s := range list {
		assert.LessOrEqual(t, s.From, s.To)
		if i > 0 {
			assert.LessOrEqual(t, list[i-1].To, s.From)
		}
	}
}

// TestSpans proves that the spans of a goroutine cover its life, and that those in which it runs
// are what the Ps have run.
func TestSpans(t *testing.T) {
	each(t, func(t *testing.T, read *trace.Trace) {
		onPs := map[int64]time.Duration{}
		for _, list := range read.Ps {
			for _, s := range list {
				onPs[s.Goroutine] += s.To - s.From
			}
		}
		for _, g := range read.Goroutines {
			ran := time.Duration(0)
			for i, s := range g.Spans {
				assert.LessOrEqual(t, s.From, s.To)
				if i > 0 {
					assert.Equal(t, g.Spans[i-1].To, s.From)
				}
				assert.Equal(t, s.State == trace.Runs, s.P >= 0)
				if s.State == trace.Runs {
					ran += s.Length()
				}
			}
			assert.Equal(t, onPs[g.ID], ran, g.ID)
		}
	})
}

// TestFigures proves that each row's times add up to its life.
func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, read *trace.Trace) {
		for _, row := range read.Cast().Rows {
			from, to := row.Life()
			f, sum := row.Figures(from, to), time.Duration(0)
			for _, d := range f.In {
				sum += d
			}
			assert.Equal(t, to-from, sum, row.Name)
			assert.Equal(t, to-from, f.Life, row.Name)
			assert.LessOrEqual(t, f.Wait.Length(), f.In[trace.Waits], row.Name)
			assert.LessOrEqual(t, f.Stand.Length(), f.In[trace.Stands], row.Name)
			assert.Equal(t, f.In[trace.Waits] > 0, f.Wait.Length() > 0, row.Name)
		}
	})
}

// TestClients proves that the script's clients are found, each by its own name. The one that
// divides is LongPrime. The clients' own clock agrees: each connects when the one before has
// connected, and is answered while its goroutine lives.
func TestClients(t *testing.T) {
	each(t, func(t *testing.T, read *trace.Trace) {
		cast := read.Cast()
		var names []string
		before := time.Duration(0)
		ran := map[int]time.Duration{}
		for _, row := range cast.Rows {
			if row.Client == trace.Nobody {
				continue
			}
			names = append(names, row.Name)
			if row.Unseen == nil {
				from, _ := row.Life()
				assert.Greater(t, from, before, row.Name)
				assert.Less(t, from, read.Clients[row.Client].Answered, row.Name)
				before = read.Clients[row.Client].Connected
			}
		}
		assert.Equal(t, []string{"LongPrime", "Echo", "SmallPrime"}, names)
		for _, list := range read.Ps {
			for _, s := range list {
				for _, piece := range cast.Pieces(s.Goroutine, s.From, s.To) {
					ran[piece.Client] += piece.To - piece.From
				}
			}
		}
		if cast.Loop == 0 || read.Chapter == 7 {
			assert.Greater(t, ran[0], read.Length()*9/10, "LongPrime")
			assert.Empty(t, cast.Missing)
		} else {
			assert.Contains(t, cast.Missing, "One goroutine serves all clients")
		}
		assert.Less(t, ran[1]+ran[2], read.Length()/100, "Echo and SmallPrime")
	})
}

// TestSwitches proves that a switch between coroutines is one: nobody stands runnable for a
// moment that the reader has invented.
func TestSwitches(t *testing.T) {
	for _, row := range read(t, 7).Cast().Rows {
		coroutine := 0
		for _, s := range row.Spans {
			if s.State == trace.Waits && s.Reason == trace.Coroutine {
				coroutine++
			}
			assert.False(t, s.State == trace.Stands && s.Length() < 10*time.Nanosecond, "%s: %+v", row.Name, s)
		}
		assert.Positive(t, coroutine, row.Name)
	}
}

// TestCut proves that a trace without its end is an error, wherever it has been cut.
func TestCut(t *testing.T) {
	whole := text(t, 3)
	lengths := []int{len(whole) - 1, len(whole) - 2, len(whole) - 10}
	for i := range 40 {
		lengths = append(lengths, 16+(len(whole)-16)*i/40)
	}
	for _, length := range lengths {
		_, err := trace.Read(bytes.NewReader(whole[:length]))
		assert.ErrorIs(t, err, trace.ErrCut, length)
		assert.NotContains(t, fmt.Sprint(err), "\n")
	}
}

func TestNoTrace(t *testing.T) {
	for _, text := range []string{"", "x", "package main\n\nfunc main() {}\n"} {
		_, err := trace.Read(bytes.NewReader([]byte(text)))
		assert.EqualError(t, err, "it is no execution trace of Go's")
	}
}
