//go:build unix

package lab

import (
	"encoding/json"
	"os"
	"syscall"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/internal/testserver"
	"example.com/concurrent-network-server/clients/sched/drawing"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traced starts a session with a tracer in each server.
func traced(t *testing.T, l *Lab, numbers ...int) *reader {
	return beginAs(t, l, Choice{Chapters: numbers, Traced: true})
}

func names(rows []drawing.Strip) (list []string) {
	for _, row := range rows {
		list = append(list, row.Name)
	}
	return list
}

// TestInside looks into two servers beside each other. Each client has its row, with its own name,
// and who waits to be served has none. The clients that were there before the experiment count too.
func TestInside(t *testing.T) {
	l := workbook(t)
	r := traced(t, l, 3, 4)
	require.NoError(t, l.Do(Request{Do: "idle"}))
	r.await(Greeted)
	r.await(Greeted)
	require.NoError(t, l.Do(Request{Do: "play", Text: "4.2"}))
	for range 2 {
		e := r.await(Inside)
		require.NotNil(t, e.Sheet, e.Text)
		served := []string{"client 1", "client 2", "client 3", "client 4", "client 5", "echo", "echo"}
		if e.Server == 1 {
			served = served[:4] // chapter 4 has as many workers
			assert.Equal(t, "4 of 7 clients were served. The others have no goroutine.", e.Sheet.Note)
		}
		var table []string
		for _, line := range e.Sheet.Table {
			table = append(table, line[0])
		}
		assert.Equal(t, served, table)
		assert.Equal(t, served[len(served)-1], e.Sheet.Rows[len(e.Sheet.Rows)-1].Name[:len(served[len(served)-1])], names(e.Sheet.Rows))
		assert.NotEmpty(t, e.Sheet.Ps)
		assert.Less(t, e.Sheet.From, e.Sheet.To)
		assert.LessOrEqual(t, e.Sheet.To, e.At)
		first := r.opened(e.Server, 2)
		assert.InDelta(t, float64(first.At), float64(e.Sheet.From), 10e6, "the same clock")
	}
}

// opened returns the event with which a client has come.
func (r *reader) opened(server, client int) Event {
	all, _ := r.session.history.since(0)
	for _, e := range all {
		if e.Kind == Opened && e.Server == server && e.Client == client {
			return e
		}
	}
	require.FailNow(r, "there is no such client")
	return Event{}
}

// TestPlainInside: a server that nobody wants to look into has no tracer, and tells nothing of what
// is inside.
func TestPlainInside(t *testing.T) {
	l, r := serving(t)
	program, err := os.ReadFile(r.session.dir + "/0/chapter01-right")
	require.NoError(t, err)
	assert.NotContains(t, string(program), "runtime/trace.Start")
	require.NoError(t, l.Do(Request{Do: "play", Text: "1.1"}))
	r.await(Done)
	all, _ := r.session.history.since(0)
	for _, e := range all {
		assert.NotEqual(t, Inside, e.Kind)
	}
}

// TestInsideOnce: a server has one trace. The next experiment says why there is no other.
func TestInsideOnce(t *testing.T) {
	l := open(t, "chapter01-right")
	r := traced(t, l, 1)
	require.NoError(t, l.Do(Request{Do: "play", Text: "1.1"}))
	assert.NotNil(t, r.await(Inside).Sheet)
	r.await(Done)
	require.NoError(t, l.Do(Request{Do: "play", Text: "1.1"}))
	e := r.await(Inside)
	assert.Nil(t, e.Sheet)
	assert.Equal(t, errEndedTrace.Error(), e.Text)
}

// TestInsideOfTheDead: the server ends in the middle of its trace.
func TestInsideOfTheDead(t *testing.T) {
	l := open(t, "chapter01-right")
	r := traced(t, l, 1)
	server := r.session.servers[0]
	require.NoError(t, server.process.Signal(syscall.SIGKILL))
	r.await(Ended)
	sheet, err := server.sheet("none", time.Now(), time.Now())
	assert.Nil(t, sheet)
	assert.Equal(t, errEndedTrace, err)
}

// TestTracedEnds: whoever closes the lab, leaves nothing of a server with a tracer.
func TestTracedEnds(t *testing.T) {
	l := open(t, "chapter01-right")
	r := traced(t, l, 1)
	dir := r.session.dir
	l.Close()
	testserver.AwaitEnd(t, 1)
	assert.False(t, testserver.Listens(r.addr))
	assert.NoDirExists(t, dir)
	assert.Nil(t, r.session.servers[0].tap)
}

// TestRecordInside: a recording has what was inside, with the same clock as its events.
func TestRecordInside(t *testing.T) {
	l := open(t, "chapter01-right")
	for _, e := range Experiments(1) {
		recording, err := Record(t.Context(), l.list[0], e)
		require.NoError(t, err)
		inside, done := recording.Events[len(recording.Events)-2], recording.Events[len(recording.Events)-1]
		assert.Equal(t, Done, done.Kind)
		require.Equal(t, Inside, inside.Kind)
		assert.LessOrEqual(t, inside.Sheet.To, inside.At+100)
		assert.GreaterOrEqual(t, inside.Sheet.From, int64(0))
		text, err := json.Marshal(inside)
		require.NoError(t, err)
		assert.Less(t, len(text), 100_000)
	}
	for n := 1; n <= 9; n++ {
		for _, e := range Experiments(n) {
			assert.Equal(t, e.Title == "SIGTERM" || e.Own, e.NoLook, e.ID)
		}
	}
}
