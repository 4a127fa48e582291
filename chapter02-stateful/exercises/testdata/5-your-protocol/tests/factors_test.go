package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var factorings = []struct{ name, send, want string }{
	{"a product", "^F12$", "2 2 3\n"},
	{"a prime", "^F7$", "7\n"},
	{"two", "^F2$", "2\n"},
	{"a square", "^F49$", "7 7\n"},
	{"a power of two", "^F9223372036854775808$", strings.Repeat("2 ", 62) + "2\n"},
	{"one", "^F1$", "1\n"},
	{"nothing", "^F0$", "0\n"},
	{"the largest number", "^F18446744073709551615$", "3 5 17 257 641 65537 6700417\n"},
	{"leading zeros", "^F" + strings.Repeat("0", 1000) + "10$", "2 5\n"},
	{"no digits", "^F$", "error: no digits\n"},
	{"not a number", "^F7x$", "error: not a number\n"},
	{"a sign", "^F-7$", "error: not a number\n"},
	{"too large", "^F18446744073709551616$", "error: number too large\n"},
	{"too large, and then wrong", "^F99999999999999999999x$", "error: number too large\n"},
	{"an F in a number", "^FF7$", "error: not a number\n"},
	{"an F after a P", "^PF7$", "error: not a number\n"},
	{"a P after an F", "^FP7$", "error: not a number\n"},
	{"an F later in the payload", "^aF7$", "bG8"},
	{"a small f", "^f12$", "g23"},
	{"after an error", "^Fx$^F6$^P7$^a$", "error: not a number\n2 3\nprime\nb"},
	{"between echoes", "^a$^F6$^b$", "b2 3\nc"},
	{"all three", "^F6$^P6$^6$", "2 3\ncomposite\n7"},
	{"unfinished", "^F6", ""},
}

// TestFactors proves that each request has its reply, byte for byte.
func TestFactors(t *testing.T) {
	for _, test := range factorings {
		t.Run(test.name, func(t *testing.T) {
			got := play(test.send).replies.String()
			assert.Equal(t, "*"+test.want, got, "the client has sent %.40q, and reads something else than the reply", test.send)
		})
	}
}

// TestFactorsOfMany proves that the factors are prime, the smallest first, and that their product is
// the number.
func TestFactorsOfMany(t *testing.T) {
	for n := uint64(2); n < 3000; n++ {
		var want []string
		for rest, d := n, uint64(2); rest > 1; d++ {
			for ; rest%d == 0; rest /= d {
				want = append(want, fmt.Sprint(d))
			}
		}
		got := play(fmt.Sprintf("^F%d$", n)).replies.String()
		require.Equal(t, "*"+strings.Join(want, " ")+"\n", got, "a client has asked for the factors of %d", n)
	}
}

// TestFactorsEveryCut proves that it doesn't matter where the network cuts a request.
func TestFactorsEveryCut(t *testing.T) {
	var send, want strings.Builder
	for _, test := range factorings {
		if len(test.send) < 100 && strings.HasSuffix(test.send, "$") {
			send.WriteString(test.send + "^P7$")
			want.WriteString(test.want + "prime\n")
		}
	}
	all := send.String()
	for i := range len(all) {
		got := play(all[:i], all[i:]).replies.String()
		require.Equal(t, "*"+want.String(), got, "the bytes were cut after %q, and the client reads something else than the replies", all[max(0, i-20):i])
	}
	got := play(bytesOf(all)...).replies.String()
	assert.Equal(t, "*"+want.String(), got, "the bytes come one at a time, and the client reads something else than the replies")
}

// TestFactorsInOrder proves that the replies come in the order of the requests, whatever these ask for.
func TestFactorsInOrder(t *testing.T) {
	requests := []struct{ send, want string }{{"^F6$", "2 3\n"}, {"^P7$", "prime\n"}, {"^echo$", "fdip"}, {"^F$", "error: no digits\n"}, {"noise", ""}, {"^F1048583$", "1048583\n"}}
	var send, want strings.Builder
	for range 5000 {
		r := requests[rand.IntN(len(requests))]
		send.WriteString(r.send)
		want.WriteString(r.want)
	}
	var segments []string
	for rest := send.String(); rest != ""; {
		n := min(1+rand.IntN(3000), len(rest))
		segments, rest = append(segments, rest[:n]), rest[n:]
	}
	got := play(segments...).replies.String()
	assert.True(t, got == "*"+want.String(), "5,000 requests of all kinds were sent, and the replies are not theirs, in their order: %d bytes, want %d", len(got), 1+want.Len())
}

// TestReadyBeforeFactors proves that what is ready doesn't wait for a division that takes longer than a
// write, and that nothing else is written alone.
func TestReadyBeforeFactors(t *testing.T) {
	assert.Equal(t, 2, play("^a$^F12$^b$^F7$").writes, "writes, with the greeting, for four replies of which none takes long")
	assert.Equal(t, 3, play("^a$^F1048583$^b$").writes, "writes, with the greeting: an echo is ready, and should not wait until 1048583 is divided")
	assert.Equal(t, 3, play("^F6$^F1048583$").writes, "writes, with the greeting: the factors of 6 are ready, and should not wait until 1048583 is divided")
	assert.Equal(t, 2, play("^F1048583$^a$").writes, "writes, with the greeting: nothing is ready before 1048583 is divided")
}

// TestFactorsTakenOut proves that a number is divided no longer than its factors make necessary: what is
// left of 2^63 when a two is taken out is smaller, and smaller again.
func TestFactorsTakenOut(t *testing.T) {
	done := make(chan string)
	go func() {
		done <- play(strings.Repeat("^F9223372036854775808$^F6917529027641081856$", 50)).replies.String()
	}()
	select {
	case got := <-done:
		assert.True(t, strings.HasSuffix(got, "2 3\n"), "the last reply ends with %q", got[max(0, len(got)-4):])
	case <-time.After(15 * time.Second):
		assert.Fail(t, "a client has waited 15 s for the factors of 2^63 and 3*2^61, a hundred times, which are found with 100 divisions each")
	}
}

// TestNobodyToTell proves that nobody divides for a client to which nothing can be sent.
func TestNobodyToTell(t *testing.T) {
	failure := errors.New("connection reset")
	client := &broken{tape{segments: []string{"^a$^F1048583$^F1048583$", "^F6$"}}, failure, 1}
	assert.Equal(t, failure, Handle(client, odd), "a write has failed, and the session goes on")
	assert.Equal(t, "*", client.replies.String())
	assert.Len(t, client.segments, 1, "a write has failed, and the client is read from again")
}

// wide is a client whose replies are counted, and thrown away.
type wide struct {
	tape
	largest, total int
}

func (w *wide) Write(p []byte) (int, error) {
	w.largest, w.total = max(w.largest, len(p)), w.total+len(p)
	return len(p), nil
}

// TestFactorsMemory proves that the server holds no more than the replies to one read, which are longer
// than what it has read: a client that asks and doesn't read has them, and is not read from.
func TestFactorsMemory(t *testing.T) {
	const request, times = "^F524288$", 10_000 // cheap, so nothing has to be written at once
	client := &wide{tape: tape{segments: []string{strings.Repeat(request, times)}}}
	require.NoError(t, Handle(client, odd), "a client asks and does not read, and its session fails")
	const reply = 19 * len("2 ")
	assert.Equal(t, 1+times*reply, client.total, "bytes of replies")
	assert.LessOrEqual(t, client.largest, (maxBuffer/len(request)+2)*reply, "bytes of replies in one write: the server has collected more than the replies to one read")
}

// TestFactorsAllocateNothing compares a session of a few requests with one of many.
func TestFactorsAllocateNothing(t *testing.T) {
	require.Equal(t, "*2 2 3\n", play("^F12$").replies.String(), "the reply to ^F12$")
	cost := func(requests int) float64 {
		segments := make([]string, requests)
		client := &silentTape{}
		return testing.AllocsPerRun(10, func() {
			for i := range segments {
				segments[i] = "^F12$^F9223372036854775808$^Fx$"
			}
			client.segments = segments
			_ = Handle(client, odd)
		})
	}
	assert.Equal(t, cost(10), cost(1000), "allocations in a session of 30 requests, and in one of 3,000")
}
