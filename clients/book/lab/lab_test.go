package lab

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// here returns a lab of the workbook that is here.
func here(t *testing.T) *Lab {
	list, _, err := chapters.Find()
	require.NoError(t, err)
	l := New(list)
	t.Cleanup(l.Close)
	return l
}

// open returns a lab of a workbook with these chapters.
func open(t *testing.T, names ...string) *Lab {
	testserver.Workbook(t, names...)
	return here(t)
}

// workbook returns a lab of the workbook's own chapters.
func workbook(t *testing.T) *Lab {
	l := here(t)
	for _, c := range l.list {
		require.NoError(t, chapters.Watch(c.Dir))
	}
	return l
}

// A reader reads the events of a session.
type reader struct {
	*testing.T
	session *session
	addr    string // of the server that has started last
	next    int
}

// begin starts a session that somebody looks at, and waits until its servers run.
func begin(t *testing.T, l *Lab, numbers ...int) *reader {
	return beginAs(t, l, Choice{Chapters: numbers})
}

// serving is begin for a workbook of one chapter.
func serving(t *testing.T) (*Lab, *reader) {
	l := open(t, "chapter01-right")
	return l, begin(t, l, 1)
}

// beginAs is begin for a session of a certain kind.
func beginAs(t *testing.T, l *Lab, c Choice) *reader {
	r := start(t, l, c)
	for range c.Chapters {
		r.addr = r.await(Started).Text
	}
	return r
}

// start starts a session that somebody looks at.
func start(t *testing.T, l *Lab, c Choice) *reader {
	c.Instead = l.number
	_, err := l.Start(c)
	require.NoError(t, err)
	s, _, leave := l.join()
	t.Cleanup(leave)
	return &reader{T: t, session: s}
}

// await returns the next event of that kind.
func (r *reader) await(kind Kind) Event {
	r.Helper()
	for late := time.After(time.Minute); ; {
		events, more := r.session.history.since(r.next)
		for _, e := range events {
			r.next++
			if e.Kind == kind {
				return e
			}
			require.NotEqual(r, Problem, e.Kind, e.Text)
		}
		select {
		case <-more:
		case <-late:
			all, _ := r.session.history.since(0)
			require.FailNow(r, "no event "+string(kind), "%+v", all)
		}
	}
}

// clients returns how many there have been.
func (r *reader) clients() int {
	server := r.session.servers[0]
	server.mu.Lock()
	defer server.mu.Unlock()
	return server.count
}

func TestSession(t *testing.T) {
	l, r := serving(t)
	require.NoError(t, l.Do(Request{Do: "idle"}))
	assert.Equal(t, 1, r.await(Greeted).Client)
	require.NoError(t, l.Do(Request{Do: "send", Client: 1, Text: "^ab$"}))
	assert.Equal(t, "^ab$", r.await(Sent).Text)
	assert.Equal(t, "bc", r.await(Answered).Text)
	require.NoError(t, l.Do(Request{Do: "leave", Client: 1}))
	r.await(Left)
	dir := r.session.dir
	assert.DirExists(t, dir)
	l.Stop()
	assert.Equal(t, "signal: interrupt", r.await(Ended).Text)
	assert.False(t, testserver.Listens(r.addr))
	assert.NoDirExists(t, dir)
	assert.Nil(t, l.session())
	assert.EqualError(t, l.Do(Request{Do: "idle"}), "no server runs: start one")
}

// TestActions: each button does something that its clients tell of.
func TestActions(t *testing.T) {
	l, r := serving(t)
	before := 0
	for name, want := range map[string]struct {
		kind    Kind
		clients int
	}{"script": {Left, 3}, "crowd": {Greeted, 50}, "echo": {Answered, 1}, "primes": {Answered, 8}, "half": {Half, 1},
		"reset": {Left, 1}, "bytes": {Sent, 1}, "unread": {Blocked, 1}} {
		require.NoError(t, l.Do(Request{Do: name}))
		for r.await(want.kind).Client <= before { // an earlier action's
		}
		before += want.clients
		assert.Eventually(t, func() bool { return r.clients() == before }, time.Minute, time.Millisecond, name)
	}
	for _, a := range Actions {
		assert.NotNil(t, a.do)
		assert.Len(t, a.Key, 1)
	}
}

// TestMiddle: a client that has sent half of a request is told from one that has sent all of it.
func TestMiddle(t *testing.T) {
	l := workbook(t)
	r := begin(t, l, 3)
	require.NoError(t, l.Do(Request{Do: "idle"}))
	r.await(Greeted)
	for _, test := range []struct {
		text   string
		bytes  int
		middle bool
	}{{"^", 0, true}, {"ab$", 2, false}, {"^c$", 1, false}, {"^P", 0, true}} { // it answers whole frames
		require.NoError(t, l.Do(Request{Do: "send", Client: 1, Text: test.text}))
		e := r.await(Answered)
		assert.Equal(t, test.middle, e.Middle, test.text)
		assert.Equal(t, test.bytes, e.Bytes, test.text)
	}
}

func TestTwoSides(t *testing.T) {
	l := open(t, "chapter01-right", "chapter02-right")
	r := begin(t, l, 1, 2)
	require.NoError(t, l.Do(Request{Do: "idle"}))
	assert.Equal(t, 1, r.await(Greeted).Server+r.await(Greeted).Server)
	require.NoError(t, l.Do(Request{Do: "send", Server: 1, Client: 1, Text: "^a$"}))
	assert.Equal(t, 1, r.await(Sent).Server)
}

// TestOneLab: who starts a session ends the one before it.
func TestOneLab(t *testing.T) {
	l := open(t, "chapter01-right", "chapter02-right")
	first := begin(t, l, 1)
	second := begin(t, l, 2)
	first.await(Ended)
	assert.False(t, testserver.Listens(first.addr))
	for _, numbers := range [][]int{{}, {3}, {1, 2, 1}, {0}, {-1}} {
		_, err := l.Start(Choice{Chapters: numbers, Instead: l.number})
		assert.Error(t, err, numbers)
	}
	assert.Equal(t, second.session, l.session())
}

// TestForgotten: a session that no page looks at ends by itself.
func TestForgotten(t *testing.T) {
	l := open(t, "chapter01-right")
	l.unwatched = 300 * time.Millisecond
	_, err := l.Start(Choice{Chapters: []int{1}})
	require.NoError(t, err)
	s, changed, leave := l.join()
	addr := (&reader{T: t, session: s}).await(Started).Text
	time.Sleep(2 * l.unwatched) // it may do nothing, so there is nothing to wait for
	assert.Equal(t, s, l.session())
	leave()
	<-changed
	assert.Nil(t, l.session())
	assert.False(t, testserver.Listens(addr))
}

// TestClosed: nothing begins after the end.
func TestClosed(t *testing.T) {
	l := open(t, "chapter01-right")
	l.Close()
	_, err := l.Start(Choice{Chapters: []int{1}})
	assert.Equal(t, errEnded, err)
}

// TestFaults: what is wrong with a server is told in words.
func TestFaults(t *testing.T) {
	for name, want := range map[string]string{
		"unbuildable": "it does not build: ./more.go:3:9: undefined: undefined",
		"deaf":        "the server has ended (exit status 1): ",
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, open(t, "chapter01-"+name), Choice{Chapters: []int{1}})
			assert.Contains(t, r.await(Problem).Text, want)
			assert.Equal(t, 1, r.next, "the first that is told")
		})
	}
}

// TestServerDies: its clients are cut off, the log is told, and nobody can be asked any more.
func TestServerDies(t *testing.T) {
	l := open(t, "chapter01-mortal")
	r := begin(t, l, 1)
	require.NoError(t, l.Do(Request{Do: "echo"}))
	for !strings.HasSuffix(r.await(Logged).Text, "I die") {
	}
	assert.Equal(t, "exit status 3", r.await(Ended).Text)
	require.NoError(t, l.Do(Request{Do: "idle"}))
	assert.Equal(t, "the server has ended: start it again", r.await(Problem).Text)
}

func TestSignals(t *testing.T) {
	for name, want := range map[string]syscall.Signal{"term": syscall.SIGTERM, "kill": syscall.SIGKILL} {
		l, r := serving(t)
		require.NoError(t, l.Do(Request{Do: name}))
		assert.Equal(t, fmt.Sprint("signal: ", want), r.await(Ended).Text)
	}
}

// TestBounds: what asks for too much is refused, and starts nothing.
func TestBounds(t *testing.T) {
	l, r := serving(t)
	for _, bad := range []Request{{}, {Do: "nothing"}, {Do: "idle", Count: maxClients + 1}, {Do: "idle", Count: -1}, {Do: "echoes", Rate: 1e6},
		{Do: "echoes", Rate: -1}, {Do: "send", Text: string(make([]byte, maxText+1))}} {
		assert.Error(t, l.Do(bad))
	}
	require.NoError(t, l.Do(Request{Do: "idle", Count: maxClients}))
	for range maxClients {
		r.await(Greeted)
	}
	before := r.next
	require.NoError(t, l.Do(Request{Do: "idle"}))
	assert.Equal(t, "a session has 200 clients and no more: start anew", r.await(Problem).Text)
	assert.Equal(t, before+1, r.next, "and nothing else")
}

// TestHistoryIsBounded: a session that tells too much ends.
func TestHistoryIsBounded(t *testing.T) {
	l := open(t, "chapter01-right")
	l.unwatched = 100 * time.Millisecond
	r := begin(t, l, 1)
	_, changed, leave := l.join()
	defer leave()
	for range maxEvents + 1 {
		r.session.history.add(Event{Kind: Logged})
	}
	<-changed
	assert.Nil(t, l.session())
}

// TestRecord: each experiment is played to its end.
func TestRecord(t *testing.T) {
	l := open(t, "chapter04-right")
	for _, e := range Experiments(4) {
		r, err := Record(t.Context(), l.list[0], e)
		require.NoError(t, err)
		assert.Equal(t, e.Title, r.Title)
		assert.Equal(t, Started, r.Events[0].Kind)
		assert.Zero(t, r.Events[0].At)
		last := r.Events[len(r.Events)-1]
		assert.Equal(t, Done, last.Kind)
		if e.ID == "4.2" {
			assert.Equal(t, "2", last.Text)
		}
	}
	l = open(t, "chapter04-unbuildable")
	_, err := Record(t.Context(), l.list[0], Experiments(4)[0])
	assert.ErrorContains(t, err, "experiment 4.1: it does not build")
}

// TestFor: a server that is started for an experiment has the cores and the flags that this needs. Flags are
// those of its own chapter, and a server that is started for nothing has all cores and no flags.
func TestFor(t *testing.T) {
	l := open(t, "chapter03-right", "chapter09-right")
	for id, want := range map[string][2]string{"": {}, "3.4": {"1"}, "9.2": {"", "-workers 0"}, "9.3": {"", "-threads=false"},
		"9.4": {"", "-threads=false -workers " + allButOne}, "9.5": {}} {
		r := beginAs(t, l, Choice{Chapters: []int{3, 9}, For: id})
		for i, flags := range []string{"", want[1]} {
			process := fmt.Sprintf("/proc/%d/", r.session.servers[i].process.PID)
			env, err := os.ReadFile(process + "environ")
			if err != nil {
				t.Skip("this system shows no process's environment: ", err)
			}
			assert.Equal(t, want[0] == "1", strings.Contains(string(env), "\x00GOMAXPROCS=1\x00"), id)
			line, err := os.ReadFile(process + "cmdline")
			require.NoError(t, err)
			words := strings.Split(strings.Trim(string(line), "\x00"), "\x00")
			assert.Equal(t, flags, strings.Join(words[3:], " "), "%s: %v", id, words)
		}
	}
	_, err := l.Start(Choice{Chapters: []int{3}, Instead: l.number, For: "3.9"})
	assert.EqualError(t, err, `there is no experiment "3.9"`)
	_, err = l.Start(Choice{Chapters: []int{9}, Instead: l.number, For: "9.7", Traced: true})
	assert.Error(t, err)
}

// TestByteByByte: each byte is told with where it leads a parser.
func TestByteByByte(t *testing.T) {
	l := workbook(t)
	r := begin(t, l, 2)
	require.NoError(t, l.Do(Request{Do: "play", Text: "2.3"}))
	var states []string
	for len(states) < 11 {
		states = append(states, r.await(Sent).State)
	}
	assert.Equal(t, []string{"in a frame", "in an echo", "in an echo", "in an echo", "outside", "in a frame", "in a number: no digit yet",
		"in a number: 1", "in a number: 12", "in a number: 127", "outside"}, states)
	assert.Equal(t, "3", r.await(Done).Text)
}

// TestStopsInTheMiddle: chapter 7 serves a client while the handler of another one is in the middle of a Read.
func TestStopsInTheMiddle(t *testing.T) {
	l := workbook(t)
	r := begin(t, l, 7)
	require.NoError(t, l.Do(Request{Do: "play", Text: "7.3"}))
	assert.Equal(t, "client 2, client 1", r.await(Done).Text)
}
