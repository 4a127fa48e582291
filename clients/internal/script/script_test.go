package script_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// play plays the script and returns what it has told.
func play(t *testing.T, addr string) ([]script.Event, error) {
	var events []script.Event
	err := script.Run(t.Context(), addr, 0, func(e script.Event) { events = append(events, e) })
	return events, err
}

// answers returns the lines that the clients print.
func answers(events []script.Event) string {
	var lines []string
	for _, e := range events {
		if e.Stage == script.Answered {
			lines = append(lines, script.Clients[e.Client].Name+": "+e.Reply)
		}
	}
	return strings.Join(lines, ", ")
}

func isLong(payload string) bool { return len(payload) > 10 }

// TestSequential proves that the others are answered after LongPrime where the server
// serves one client at a time, for as many requests as it likes.
func TestSequential(t *testing.T) {
	for _, one := range []bool{false, true} {
		addr := testserver.Start(t, testserver.Server{AtOnce: 1, OneRequest: one})
		events, err := play(t, addr)
		require.NoError(t, err)
		assert.Equal(t, "LongPrime: prime, Echo: echo, SmallPrime: prime", answers(events))
	}
}

// TestConcurrent holds back LongPrime's reply until SmallPrime has its own.
func TestConcurrent(t *testing.T) {
	release := make(chan struct{})
	addr := testserver.Start(t, testserver.Server{Reply: func(payload string) string {
		if isLong(payload) {
			<-release
		}
		return testserver.Reply(payload)
	}})
	var events []script.Event
	err := script.Run(t.Context(), addr, time.Millisecond, func(e script.Event) {
		events = append(events, e)
		if e.Client == 2 && e.Stage == script.Answered {
			close(release)
		}
	})
	require.NoError(t, err)
	assert.Equal(t, "Echo: echo, SmallPrime: prime, LongPrime: prime", answers(events))
}

// TestStages proves that each client passes all stages in their order, that time does
// not go back meanwhile, and that SmallPrime asks when Echo has been answered.
func TestStages(t *testing.T) {
	events, err := play(t, testserver.Start(t, testserver.Server{}))
	require.NoError(t, err)
	reached := make([][]time.Duration, 3)
	for _, e := range events {
		assert.Equal(t, len(reached[e.Client]), int(e.Stage), "%+v", e)
		reached[e.Client] = append(reached[e.Client], e.At)
	}
	for _, times := range reached {
		assert.Len(t, times, 4)
		assert.IsNonDecreasing(t, times)
	}
	assert.LessOrEqual(t, reached[0][script.Asked], reached[1][script.Connected])
	assert.LessOrEqual(t, reached[1][script.Answered], reached[2][script.Asked])
}

// TestLongPrimeIsFirst lets the server answer Echo a little before LongPrime. Both
// replies are there when Echo's is looked at, or nearly so.
func TestLongPrimeIsFirst(t *testing.T) {
	echoed := make(chan struct{})
	addr := testserver.Start(t, testserver.Server{Reply: func(payload string) string {
		if isLong(payload) {
			<-echoed
		}
		if payload == "echo" {
			close(echoed)
		}
		return testserver.Reply(payload)
	}})
	events, err := play(t, addr)
	require.NoError(t, err)
	assert.Regexp(t, "^LongPrime: prime, Echo: echo", answers(events))
}

func TestWrongServers(t *testing.T) {
	reply := func(to func(string) bool, reply string) testserver.Server {
		return testserver.Server{Reply: func(payload string) string {
			if to(payload) {
				return reply
			}
			return testserver.Reply(payload)
		}}
	}
	isEcho := func(payload string) bool { return payload == "echo" }
	tests := []struct {
		name   string
		server testserver.Server
		want   string
	}{
		{"greeting", testserver.Server{Greeting: "+"}, `LongPrime: greeted with "+"`},
		{"echo unchanged", reply(isEcho, "echo"), `Echo: the reply is "echo"`},
		{"echo too long", reply(isEcho, "fdipp"), `Echo: the reply is "fdipp"`},
		{"error instead of an echo", reply(isEcho, "error: tired\n"), `Echo: the reply is "error: tired\n"`},
		{"composite", reply(isLong, "composite\n"), `LongPrime: the reply is "composite\n"`},
		{"error", reply(isLong, "error: no digits\n"), `LongPrime: the reply is "error: no digits\n"`},
		{"no end", reply(isLong, strings.Repeat("prime", 1000)), `LongPrime: the reply is "prime`},
		{"hang-up", reply(isEcho, testserver.Hangup), "Echo: the server hung up too early"},
		{"reply before the request", testserver.Server{Greeting: "*prime\n"}, `greeted with "*prime\n"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := play(t, testserver.Start(t, test.server))
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestRefused(t *testing.T) {
	_, err := play(t, "127.0.0.1:1")
	assert.ErrorContains(t, err, "refused")
}

// TestInterrupt proves that the script ends with its context, though the server is silent.
func TestInterrupt(t *testing.T) {
	addr := testserver.Start(t, testserver.Server{Reply: func(string) string { <-t.Context().Done(); return testserver.Hangup }})
	ctx, interrupt := context.WithCancel(t.Context())
	err := script.Run(ctx, addr, 0, func(e script.Event) {
		if e.Stage == script.Asked {
			interrupt()
		}
	})
	assert.Error(t, err)
	assert.Error(t, ctx.Err())
}
