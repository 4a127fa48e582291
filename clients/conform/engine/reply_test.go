package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRepliesTo holds the reference to the protocol's table, and to primes that are known.
func TestRepliesTo(t *testing.T) {
	const failure = "error: (any reason)\n"
	tests := []struct{ sent, want string }{
		{"", ""},
		{"abc$P7", ""},
		{"^abc$", "bcd"},
		{"^ab", "bc"},
		{"x^a$y$^b$z", "bc"},
		{"^\xff$", "\x00"},
		{"^aP7$", "bQ8"},
		{"^a^b$", "b_c"},
		{"^$^a$", "b"},
		{"^^P7$", "_Q8"},
		{"^P7", ""},
		{"^P7$^a$^P8$", "prime\nbcomposite\n"},
		{"^P0$^P1$^P2$", "composite\ncomposite\nprime\n"},
		{"^P2305843009213693951$", "prime\n"},      // 2^61-1
		{"^P18446744073709551557$", "prime\n"},     // 2^64-59
		{"^P18446744073709551615$", "composite\n"}, // 2^64-1
		{"^P9007199254740997$", "prime\n"},
		{"^P18446744073709551616$^P00000000000000000000000000007$", failure + "prime\n"},
		{"^P$^Px$", failure + failure},
		{"^P+7$^P 7$", failure + failure},
		{"^P7\n$^P٧$", failure + failure},
		{"^PP7$^P^7$", failure + failure},
		{"^P" + strings.Repeat("9", 1<<20) + "$", failure},
	}
	for _, test := range tests {
		m := matcher{left: RepliesTo(test.sent)}
		assert.Equal(t, test.want, m.rest(), test.sent)
	}
}

func TestMatcher(t *testing.T) {
	tests := []struct {
		want Reply
		came string
		good int // bytes
		over bool
	}{
		{Text("abc"), "abc", 3, true},
		{Text("abc"), "abcd", 3, true},
		{Text("abc"), "ab", 2, false},
		{Text("abc"), "abx", 2, false},
		{nil, "a", 0, true},
		{Text(""), "a", 0, true},
		{Reply{{text: "ab", times: 3}}, "ababab", 6, true},
		{Reply{{text: "ab", times: 3}}, "ababac", 5, false},
		{ErrorReply, "error: x\n", 9, true},
		{ErrorReply, "error: no digits\nb", 17, true},
		{ErrorReply, "error: \n", 7, false},
		{ErrorReply, "error:\n", 6, false},
		{ErrorReply, "error: " + strings.Repeat("x", 300) + "\n", 207, false},
		{append(ErrorReply[:3:3], Text("b")...), "error: x\nb", 10, true},
	}
	for _, test := range tests {
		whole := matcher{left: test.want}
		assert.Equal(t, test.good, whole.take([]byte(test.came)), test.came)
		assert.Equal(t, test.over, whole.over(), test.came)

		bytewise, good := matcher{left: test.want}, 0
		for good < len(test.came) && bytewise.take([]byte(test.came[good:good+1])) == 1 {
			good++
		}
		assert.Equal(t, test.good, good, "%q byte by byte", test.came)
		assert.Equal(t, test.over, bytewise.over(), test.came)
	}
}

func TestRest(t *testing.T) {
	m := matcher{left: append(Text("abc"), ErrorReply...)}
	m.take([]byte("a"))
	assert.Equal(t, "bcerror: (any reason)\n", m.rest())
	m.take([]byte("bcerror: no"))
	assert.Equal(t, "(any reason)\n", m.rest())
	long := strings.Repeat("0123456789", 6400)
	m = matcher{left: Repeated(long, 1000)}
	assert.LessOrEqual(t, len(m.rest()), len(long))
}
