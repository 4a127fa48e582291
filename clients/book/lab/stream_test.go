package lab

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEchoes: what has no reply yet counts with what it has waited.
func TestEchoes(t *testing.T) {
	now := time.Now()
	s := &stream{due: []time.Time{now.Add(-2 * time.Second)}, replies: []reply{{now.Add(-time.Minute), time.Hour}}}
	for range 98 {
		s.replies = append(s.replies, reply{now, time.Millisecond})
	}
	assert.Equal(t, &Echoes{99, 1, 1}, s.echoes(now))
	s.due = append(s.due, s.due[0], s.due[0])
	assert.Equal(t, &Echoes{101, 1, 2000}, s.echoes(now))
	assert.Nil(t, new(stream).echoes(now))
}

// TestStream: the lane shows that a client waits when an echo takes long, and that it has
// been answered since.
func TestStream(t *testing.T) {
	h := newHistory()
	s := &stream{client: &client{number: 1, server: &server{history: h}}}
	begin := h.begin.Add(time.Second)
	at := func(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }
	s.ask(at(0))
	s.take(at(5), answer)
	for ms := 10; ms <= 40; ms += 10 {
		s.ask(at(ms))
	}
	events, _ := h.since(0)
	require.Len(t, events, 1)
	assert.Equal(t, Event{At: 1_010_000, Client: 1, Kind: Sent, Bytes: len(frame), Text: frame}, events[0])
	for range 4 {
		s.take(at(45), answer)
	}
	events, _ = h.since(1)
	require.Len(t, events, 1)
	assert.Equal(t, Answered, events[0].Kind)
}

// TestSteadyEchoes runs a stream, and ends it.
func TestSteadyEchoes(t *testing.T) {
	l, r := serving(t)
	require.NoError(t, l.Do(Request{Do: "echoes", Rate: 500}))
	r.await(Greeted)
	require.Eventually(t, func() bool {
		seen := r.session.lastSample().Servers
		return len(seen) > 0 && seen[0].Echoes != nil && seen[0].Echoes.Count > 20 && seen[0].Echoes.P50 > 0
	}, time.Minute, sampling)
	require.NoError(t, l.Do(Request{Do: "echoes"}))
	r.await(Left)
}
