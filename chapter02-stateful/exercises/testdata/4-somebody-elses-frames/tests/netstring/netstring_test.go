package netstring

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// messages returns the messages in the pieces of a stream, each in brackets, and the error. What the
// caller has passed is overwritten, as a read buffer would be.
func messages(pieces ...string) string {
	var r Reader
	var all strings.Builder
	for _, piece := range pieces {
		buf := []byte(piece)
		for in, first := buf, true; first || len(in) > 0; first = false {
			message, found, rest, err := r.Next(in)
			if found {
				all.WriteString("[" + string(message) + "]")
			}
			if err != nil {
				return all.String() + name(err)
			}
			if len(rest) >= len(in) && len(in) > 0 {
				return all.String() + " and stays where it is"
			}
			in = rest
		}
		copy(buf, strings.Repeat("#", len(buf)))
	}
	return all.String()
}

func name(err error) string {
	for want, name := range map[error]string{ErrLength: "length", ErrTooLong: "too long", ErrComma: "comma"} {
		if errors.Is(err, want) {
			return " error: " + name
		}
	}
	return " error: " + err.Error()
}

var cases = []struct{ name, in, want string }{
	{"one message", "5:hello,", "[hello]"},
	{"two messages", "5:hello,3:you,", "[hello][you]"},
	{"an empty message", "0:,1:a,", "[][a]"},
	{"commas and colons in a message", "6:a,1:b,,", "[a,1:b,]"},
	{"ten bytes and more", "12:hello, world,", "[hello, world]"},
	{"half a message", "5:hel", ""},
	{"a message without its comma", "5:hello", ""},
	{"no comma", "5:hello!", " error: comma"},
	{"no digits", ":,", " error: length"},
	{"no digits in the second", "1:a,:,", "[a] error: length"},
	{"not a digit", "5x:hello,", " error: length"},
	{"too long", "65537:", " error: too long"},
	{"far too long", strings.Repeat("9", 40) + ":", " error: too long"},
}

// TestWhole proves that the messages are found in a stream that comes in one piece.
func TestWhole(t *testing.T) {
	for _, test := range cases {
		assert.Equal(t, test.want, messages(test.in), "%s: %q comes whole, and its reader sees other messages", test.name, test.in)
	}
}

// TestCuts proves that the messages are the same wherever the stream is cut.
func TestCuts(t *testing.T) {
	for _, test := range cases {
		for i := range len(test.in) {
			a, b := test.in[:i], test.in[i:]
			assert.Equal(t, test.want, messages(a, b), "%s: %q and then %q come, and their reader sees other messages than in one piece", test.name, a, b)
		}
		assert.Equal(t, test.want, messages(strings.Split(test.in, "")...), "%s: %q comes byte by byte, and its reader sees other messages", test.name, test.in)
	}
}

// TestLongest proves that the longest message is let through, and one byte more is not collected.
func TestLongest(t *testing.T) {
	payload := strings.Repeat("a", MaxLength)
	assert.True(t, messages("65536:"+payload+",") == "["+payload+"]", "the longest message is refused, or is not whole")
	var r Reader
	_, _, _, err := r.Next([]byte("65537"))
	assert.ErrorIs(t, err, ErrTooLong, "a length is too large, and its sender may make the server wait for all of it")
}

// TestMemory proves that messages reuse the memory of those before them.
func TestMemory(t *testing.T) {
	var r Reader
	in := []byte("100:" + strings.Repeat("a", 100) + ",")
	next := func() bool {
		message, found, _, err := r.Next(in)
		return found && err == nil && bytes.Equal(message, in[4:104])
	}
	assert.True(t, next(), "a message of a hundred bytes is not found")
	assert.Zero(t, testing.AllocsPerRun(100, func() { next() }), "allocations for a message that is no longer than the one before it")
}
