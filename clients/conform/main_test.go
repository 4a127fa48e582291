package main

import (
	"encoding/json"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// examine runs the command, which has to end with that exit code, and returns what it prints,
// without the times.
func examine(t *testing.T, code int, o options) string {
	got, out, err := try(o)
	require.NoError(t, err)
	assert.Equal(t, code, got, out)
	return out
}

func try(o options) (code int, out string, err error) {
	var printed strings.Builder
	if o.workers == 0 {
		o.workers = engine.DefaultWorkers
	}
	code, err = o.examine(terminal.Pipe(&printed), &printed)
	times := regexp.MustCompile(`\d+(\.\d+)?(ns|µs|ms|s)\b`)
	return code, times.ReplaceAllString(printed.String(), "TIME"), err
}

func TestKept(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{})
	out := examine(t, kept, options{addr: addr, run: "^(greeting/|data/.* P)"})
	_, out, _ = strings.Cut(out, "\n\n")
	assert.Equal(t, `kept    greeting    3 cases
kept    data        1 case

4 kept, 0 broken, in TIME
`, out)
}

func TestBroken(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{Greeting: "**"})
	out := examine(t, broken, options{addr: addr, run: "greeting/|data/.* P"})
	_, out, _ = strings.Cut(out, "\n\n")
	out, _, _ = strings.Cut(out, "broken: greeting/each client")
	assert.Equal(t, `broken: greeting/once and unasked
  server: * once, when it starts to serve this client
    sent      nothing
    expected  "*"
    came      "**"
                ^ nothing should come here
    when      TIME after the client connected
    then      the connection is open

broken: greeting/before the reply
  server: * once, when it starts to serve this client
    sent      "^a$"
    expected  "*b"
    came      "**b"
                ^ wrong from here on
    when      TIME after the client connected
    then      the connection is open

`, out)
}

// TestNotTried proves that what can't be tried is no failure, and is told.
func TestNotTried(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{}) // all numbers are prime, at once
	out := examine(t, kept, options{addr: addr, run: "ready/an echo before"})
	assert.Contains(t, out, "not tried: ready/an echo before a long check: this server needs only TIME for ")
	assert.Contains(t, out, "0 kept, 0 broken, 1 not tried, in TIME")
}

func TestVerbose(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{})
	out := examine(t, kept, options{addr: addr, run: "data/a small p", verbose: true})
	out = strings.Join(strings.Fields(out), " ")
	assert.Contains(t, out, `data/a small p TIME connection 1 TIME - connected TIME < "*" TIME > "^p7$" TIME < "q8" `+
		`TIME > "^ok$" TIME < "pl" TIME - we send no more TIME - the server closed the connection TIME - we close kept data 1 case`)
}

func TestJSON(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{Reply: func(payload string) string {
		return strings.Replace(testserver.Reply(payload), "q8", "prime\n", 1)
	}})
	out := examine(t, broken, options{addr: addr, run: "data/a (P|small)|ready/an echo before", json: true})
	got := verdicts(t, out)
	require.Len(t, got, 3)
	assert.Equal(t, []string{"kept", "broken", "not tried"}, []string{got[0].Result, got[1].Result, got[2].Result})
	assert.Nil(t, got[0].Failure)
	assert.Contains(t, got[2].Reason, "this server needs only")

	f := got[1].Failure
	assert.Equal(t, "data/a small p", got[1].Case)
	assert.Equal(t, "wrong from here on", f.Problem)
	assert.Equal(t, []string{`"^p7$"`, `"*q8"`, `"*prime\n"`}, []string{f.Sent, f.Expected, f.Came})
	assert.Equal(t, 1, f.Offset)
	assert.Positive(t, f.AfterMS)
	assert.Equal(t, "the connection is open", f.Connection)
	assert.Len(t, f.Conversation, 4)
}

// verdicts reads what -json prints.
func verdicts(t *testing.T, out string) []verdict {
	var all []verdict
	for decoder := json.NewDecoder(strings.NewReader(out)); decoder.More(); {
		var v verdict
		require.NoError(t, decoder.Decode(&v))
		assert.NotEmpty(t, v.Rule)
		all = append(all, v)
	}
	return all
}

// TestList needs no server.
func TestList(t *testing.T) {
	out := examine(t, kept, options{list: true, chapter: 1})
	assert.Contains(t, out, "at most 4,096 bytes of payload.\n  chapter 1/one request\n")
	assert.Contains(t, out, "  numbers/2^61-1  (slow)\n")
	assert.Contains(t, out, "  vanish/memory  (with -pid)\n")
	assert.NotContains(t, out, "ready/")
}

func TestNotAsked(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	tests := []struct {
		options
		want string
	}{
		{options{addr: "127.0.0.1:1"}, "127.0.0.1:1: can't connect: "},
		{options{addr: silent.Addr().String(), timeout: 20 * time.Millisecond}, "the server says nothing"},
		{options{addr: addr, run: "("}, "missing closing"},
		{options{addr: addr, run: "nothing"}, `no case for this server matches "nothing"`},
		{options{addr: addr, run: "^ready", chapter: 1}, "no case for this server"},
		{options{addr: addr, run: "numbers/2.61", short: true}, "no case is left to try: -short"},
		{options{addr: addr, run: "memory"}, "no case is left to try: it needs -pid"},
		{options{addr: addr, chapter: 10}, "no chapter 10"},
		{options{addr: addr, chapter: 4, workers: 1}, "-workers"},
		{options{addr: addr, timeout: -1}, "-timeout"},
		{options{addr: addr, pid: -1}, "process -1"},
	}
	for _, test := range tests {
		code, out, err := try(test.options)
		assert.ErrorContains(t, err, test.want)
		assert.Equal(t, notAsked, code, test.want)
		assert.Empty(t, out)
	}
}

// TestDead proves that a server which serves nobody any more is not asked the rest, and
// that this is a failure.
func TestDead(t *testing.T) {
	addr := listenUntil(t, "^aP7$")
	out := examine(t, broken, options{addr: addr, run: "data/", timeout: 2 * time.Second})
	assert.Contains(t, out, "broken: data/a P later\n  A client that vanishes costs nothing but its own connection.\n")
	assert.Contains(t, out, "problem   when the client had closed its connection, the server served nobody any more: can't connect: ")
	assert.Contains(t, out, "\nnot tried, because the server serves nobody since data/a P later: data/a small\np, a ^ inside, a ^ first, an empty frame, many empty frames\n\n0 kept")
	assert.Contains(t, out, "0 kept, 1 broken, 5 not tried, in ")
}

// TestDeadOfAReset proves that the failure is that of the client which has killed the server,
// and not the next one's.
func TestDeadOfAReset(t *testing.T) {
	addr := listenUntil(t, "")
	out := examine(t, broken, options{addr: addr, run: "vanish/reset (inside|after)", timeout: 2 * time.Second, json: true})
	got := verdicts(t, out)
	require.Len(t, got, 2)
	assert.Equal(t, "broken", got[0].Result)
	assert.True(t, got[0].Dead)
	assert.Contains(t, got[0].Failure.Problem, "when the client had reset its connection, the server served nobody any more: can't connect: ")
	assert.Equal(t, `"^P12"`, got[0].Failure.Sent)
	assert.Contains(t, got[0].Failure.Conversation[len(got[0].Failure.Conversation)-1], "we reset")
	assert.Equal(t, verdict{Case: "vanish/reset after a request", Rule: got[0].Rule, Result: "not tried",
		Reason: "the server serves nobody since vanish/reset inside a request"}, got[1])
}

// TestDeadAtOnce proves that a reply which does not come because the server dies is told as
// that client's, and the death beside it.
func TestDeadAtOnce(t *testing.T) {
	addr := listenUntil(t, "^7P$")
	out := examine(t, broken, options{addr: addr, run: "data/a P later", timeout: 2 * time.Second})
	assert.Contains(t, out, "broken: data/a P later\n  A P later in the payload is data")
	assert.Contains(t, out, `sent      "^aP7$", "^7P$"`)
	assert.Contains(t, out, "the server closed the connection too early")
	assert.Contains(t, out, "death     the server serves nobody any more: can't connect: ")
}

// TestLeftOut proves that a run says what it has not tried.
func TestLeftOut(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{})
	out := examine(t, kept, options{addr: addr, run: "data/a small p|vanish/memory|order/a long check|numbers/2", short: true})
	_, out, _ = strings.Cut(out, "\n\n")
	assert.Contains(t, out, `not tried, because -short leaves out what takes longer: numbers/2^61-1, 2^64-59;
order/a long check before an echo
not tried, because it needs -pid: vanish/memory

`)
	assert.Contains(t, out, "4 not tried, in TIME")
}

// listenUntil runs a server that dies of a request, or of a reset. If the request is ^aP7$, it
// answers before.
func listenUntil(t *testing.T, deadly string) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	server := testserver.Server{Greeting: "*", Reply: func(payload string) string {
		if "^"+payload+"$" != deadly {
			return testserver.Reply(payload)
		}
		ln.Close()
		if deadly != "^aP7$" {
			return testserver.Hangup
		}
		return testserver.Reply(payload)
	}}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go server.Serve(deadlyConn{conn, ln, deadly == ""})
		}
	}()
	return ln.Addr().String()
}

// A deadlyConn may end the listener when its client resets it.
type deadlyConn struct {
	net.Conn
	ln     net.Listener
	deadly bool
}

func (c deadlyConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil && err != io.EOF && c.deadly {
		c.ln.Close()
	}
	return n, err
}
