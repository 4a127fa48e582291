package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCompare proves that the mark stands under the first difference, and that what is
// right before it is shown alike in both lines.
func TestCompare(t *testing.T) {
	tests := []struct{ right, rest, wrong, expected, came, mark string }{
		{"*b", "Q8", "prime\n",
			`"*bQ8"`,
			`"*bprime\n"`,
			`   ^`},
		{"", "*", "x",
			`"*"`,
			`"x"`,
			` ^`},
		{"*", "", "*",
			`"*"`,
			`"**"`,
			`  ^`},
		{"*\n\xff", "abc", "",
			`"*\n\xffabc"`,
			`"*\n\xff"`,
			`        ^`},
		{"*" + strings.Repeat("b", 4000), strings.Repeat("b", 40), "c",
			`"*" "b"×4000 "b"×40`,
			`"*" "b"×4000 "c"`,
			`              ^`},
		{strings.Repeat("b", 5000), "c", strings.Repeat("d", 100),
			`…4,952 bytes… "b"×48 "c"`,
			`…4,952 bytes… "b"×48 "d"×48 …`,
			`                      ^`},
		{strings.Repeat("c", 20) + strings.Repeat("d", 20) + strings.Repeat("e", 20) + "01234567890123456789", "x", "y",
			`…32 bytes… "dddddddd" "e"×20 "01234567890123456789x"`,
			`…32 bytes… "dddddddd" "e"×20 "01234567890123456789y"`,
			``},
	}
	for _, test := range tests {
		var right tail
		right.add([]byte(test.right))
		var f Failure
		f.compare(right, test.rest, test.wrong)
		assert.Equal(t, test.expected, f.Expected)
		assert.Equal(t, test.came, f.Came)
		if test.mark != "" {
			assert.Equal(t, strings.Index(test.mark, "^"), f.mark, test.came)
		}
	}
}

// TestTail proves that a client's memory does not grow with what it gets.
func TestTail(t *testing.T) {
	var all tail
	for range 100 {
		all.add([]byte(strings.Repeat("a", 1000)))
	}
	all.add([]byte("z"))
	assert.Equal(t, 100_001, all.total)
	assert.Len(t, all.bytes, keptBytes)
	assert.True(t, strings.HasSuffix(string(all.bytes), "az"))
	all.add([]byte(strings.Repeat("b", 2*keptBytes)))
	assert.Equal(t, strings.Repeat("b", keptBytes), string(all.bytes))
}

// TestUnknown proves that a case is over, and has not failed, if the system says nothing of the process.
func TestUnknown(t *testing.T) {
	test := &Test{Server: &Server{Options: Options{PID: -1}}}
	test.CPU()
	assert.True(t, test.Failed())
	assert.Nil(t, test.Failure())
}

func TestRecordIsBounded(t *testing.T) {
	var r record
	for range 1000 {
		r.sent("a", 1)
	}
	r.note("the end")
	text := r.text()
	assert.Len(t, text, 2*keptLines+1)
	assert.Contains(t, text[keptLines], "… 921 more …")
	assert.Contains(t, text[2*keptLines], "the end")
	assert.Equal(t, `… "a", "a", "a", "a"`, r.sentText())
}
