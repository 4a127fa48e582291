package handler

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func even(n uint64) (bool, error) { return n%2 == 0, nil }

// receive passes the input to the session, which must not fail.
func receive(t *testing.T, s *Session, in string) string {
	out, err := s.Receive(nil, []byte(in))
	require.NoError(t, err)
	return string(out)
}

// TestReceive holds a whole conversation without a socket.
func TestReceive(t *testing.T) {
	session := &Session{Check: even}
	assert.Equal(t, "*", string(session.Open(nil)), "a new client is not greeted")
	for _, turn := range []struct{ in, want, says string }{
		{"^a", "b", "an echo begins"},
		{"b$noise^P", "c", "the echo ends, and a number begins"},
		{"1", "", "a digit comes, and no more"},
		{"0$^Px$^c$", "prime\nerror: not a number\nd", "the number ends, and two more requests come"},
		{"^P7$", "composite\n", "a number comes whole"},
		{"^P1000000000001$^P8$", "", "a long check is left for the next call, and what follows it too"},
		{"", "composite\nprime\n", "the long check, and what follows it"},
	} {
		assert.Equal(t, turn.want, receive(t, session, turn.in), "%s: the client gets another reply to %q", turn.says, turn.in)
	}
	assert.Zero(t, cap(session.rest), "bytes of memory that a client keeps after it has asked for much at once")
}

// TestLongChecks proves that a long check is left for the next call, and what follows it
// too.
func TestLongChecks(t *testing.T) {
	session := &Session{Check: even}
	assert.Equal(t, "bprime\n", receive(t, session, "^a$^P8$^P1000000000002$^b$^P1000000000001$^P1000000000004$^P6$"),
		"the replies to seven requests, of which the third is a long check: those before it, and no more")
	for _, want := range []string{"prime\nc", "composite\n", "prime\nprime\n"} {
		assert.True(t, session.Busy(), "a long check waits, and nobody knows: its client would wait for ever")
		assert.Equal(t, want, receive(t, session, ""), "the client's next turn: the long check, and what follows it up to the next one")
	}
	assert.False(t, session.Busy(), "all is answered, and the session says it has more to do")
	assert.Equal(t, "e", receive(t, session, "^d$"), "all is answered, and the next request gets another reply")
	assert.Equal(t, "ecomposite\n", receive(t, session, fmt.Sprintf("^d$^P%d$", Cheap-1)), "the largest number that is cheap")
	assert.Equal(t, "e", receive(t, session, fmt.Sprintf("^d$^P%d$", Cheap)), "the smallest number that is left for the next call")
}

// TestInputIsTheCallers proves that a session leaves its caller's input as it is, and keeps what
// it needs of it: the caller reads the next client's into the same buffer.
func TestInputIsTheCallers(t *testing.T) {
	session := &Session{Check: even}
	const input = "^abc$^P1000000000002$^def$"
	buffer := []byte(input)
	out, err := session.Receive(nil, buffer)
	require.NoError(t, err)
	assert.Equal(t, "bcd", string(out), "the reply to what comes before a long check")
	assert.Equal(t, input, string(buffer), "the caller's buffer is not as it was")
	copy(buffer, "^another client's bytes$^^^^")
	assert.Equal(t, "prime\nefg", receive(t, session, ""), "the client gets replies to what another has sent")
}

// TestCheckFails proves that a failed check is an error, and not a verdict.
func TestCheckFails(t *testing.T) {
	failure := errors.New("failure")
	session := &Session{Check: func(uint64) (bool, error) { return true, failure }}
	out, err := session.Receive(nil, []byte("^a$^P7$^b$"))
	assert.Equal(t, "b", string(out), "a check fails: the client is owed what came before, and nothing else")
	assert.Equal(t, failure, err, "a check has failed, and the caller does not know")
}

// TestNoAllocation proves that replies for which there is room cost no allocation, and that what a
// client has sent is left as it is.
func TestNoAllocation(t *testing.T) {
	session := &Session{Check: even}
	input := "^" + strings.Repeat("echo", 100) + "$^P7$^Px$"
	in, out := []byte(input), make([]byte, 0, 1000)
	assert.Zero(t, testing.AllocsPerRun(100, func() { session.Receive(out, in) }), "allocations in a call of Receive, though there is room for all replies")
	assert.True(t, input == string(in), "the replies were made in the caller's input, which is now %.20q and was %.20q", in, input)
}
