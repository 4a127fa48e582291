package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuote(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", `""`},
		{"^aP7$", `"^aP7$"`},
		{"a\n\"\\\x00\xff", `"a\n\"\\\x00\xff"`},
		{"٧", `"\xd9\xa7"`}, // bytes, not text
		{strings.Repeat("a", 4096), `"a"×4096`},
		{"^" + strings.Repeat("a", 4096) + "$", `"^" "a"×4096 "$"`},
		{strings.Repeat("^P7$", 300) + "x", `"^P7$"×300 "x"`},
		{"aaaaaaaaaaaaaaa", `"aaaaaaaaaaaaaaa"`}, // too short
		{ascii()[:80], `"\x00\x01\x02\x03\x04\x05\x06\a\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d" …20 bytes… "23456789:;<=>?@ABCDEFGHIJKLMNO"`},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, quote(test.in))
	}
}

// TestQuoteIsShort proves that whatever is sent fits into a few lines.
func TestQuoteIsShort(t *testing.T) {
	var many strings.Builder
	for i := range 100 {
		many.WriteString(strings.Repeat(string(rune('a'+i%26)), 20))
	}
	assert.Equal(t, `"a"×20 "b"×20 "c"×20 …94 more… "t"×20 "u"×20 "v"×20`, quote(many.String()))
}

// ascii returns the first 128 bytes.
func ascii() string {
	all := make([]byte, 128)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}
