// Package cases is what a server is asked: a file for each row or sentence of the protocol.
package cases

import (
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

// Groups returns all cases, in the order of the protocol's table and sentences in the
// README of the workbook. A test of the root compares the words.
func Groups() []engine.Group {
	return []engine.Group{greetingGroup, frameGroup, echoGroup, numberGroup, errorGroup, dataGroup, orderGroup,
		readyGroup, sessionGroup, halfCloseGroup, vanishGroup, paceGroup, shortageGroup,
		singleGroup, serviceGroup, crowdGroup}
}

// answered asks one request after the other. A last one shows that the session goes on: a
// server that hangs up is not taken for one that rightly says nothing. In chapter 1 each
// request has a connection of its own.
func answered(requests ...string) func(*engine.Test) {
	return func(t *engine.Test) {
		if t.OneRequest {
			for _, request := range requests {
				visit(t, request)
			}
			return
		}
		c := t.Client()
		for _, request := range requests {
			c.Ask(request)
		}
		c.Ask("^ok$")
		c.Finish()
	}
}

// visit asks a request, with which the connection ends.
func visit(t *engine.Test, request string) {
	c := t.Client()
	c.Ask(request)
	c.Closed()
}

// greeted returns clients that have been greeted. What they ask for may have to wait that long for others.
func greeted(t *engine.Test, clients int, queue time.Duration) []*engine.Client {
	all := make([]*engine.Client, clients)
	for i := range all {
		all[i] = t.Client()
		all[i].Queue = queue
	}
	return all
}

// framed makes requests of payloads.
func framed(payloads ...string) []string {
	frames := make([]string, len(payloads))
	for i, payload := range payloads {
		frames[i] = "^" + payload + "$"
	}
	return frames
}

// echoes asks for the echo of payloads.
func echoes(payloads ...string) func(*engine.Test) { return answered(framed(payloads...)...) }

// numbers asks for numbers, or for what is none.
func numbers[T any](all ...T) func(*engine.Test) {
	requests := make([]string, len(all))
	for i, n := range all {
		requests[i] = engine.Number(n)
	}
	return answered(requests...)
}

// streams sends each stream in one segment, and expects the replies and the end.
func streams(all ...string) func(*engine.Test) {
	return func(t *engine.Test) {
		for _, stream := range all {
			c := t.Client()
			c.Ask(stream)
			c.Ask("^ok$")
			c.Finish()
		}
	}
}

// cut sends segments, each by itself. In chapter 1 they are one request.
func cut(t *engine.Test, segments []string) {
	c := t.Client()
	for i, segment := range segments {
		if i > 0 && !c.Failed() {
			t.Pause()
		}
		c.Send(segment)
	}
	c.Expect(engine.RepliesTo(strings.Join(segments, "")))
	c.Leave()
}

// Which cases are for whom.
func sessions(p engine.Profile) bool   { return !p.OneRequest }
func single(p engine.Profile) bool     { return p.OneRequest }
func inTurnOnly(p engine.Profile) bool { return p.AtOnce == 1 && !p.OneRequest }
func several(p engine.Profile) bool    { return p.AtOnce != 1 }
func unbounded(p engine.Profile) bool  { return p.AtOnce == 0 }
func bounded(p engine.Profile) bool    { return p.AtOnce > 0 }
func beside(p engine.Profile) bool     { return p.AtOnce != 1 && !p.OneCheck }
func oneCheck(p engine.Profile) bool   { return p.OneCheck }
