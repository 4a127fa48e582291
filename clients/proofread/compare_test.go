package proofread

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCompare(t *testing.T) {
	tests := []struct {
		name, want, got string
		same            bool
	}{
		{"time", "2026/11/23 17:53:03 listening on 127.0.0.1:7878", "2027/01/02 07:03:04 listening on 127.0.0.1:41234", true},
		{"time with zone", "--- a 2026-11-23 17:53:03.123456789 +0000", "--- a 2027-01-02 07:03:04.5 -0130", true},
		{"durations", "ok  \ta\t1.43s", "ok a (cached)", true},
		{"more durations", "2m3.5s 4ms 17µs 8ns 60s", "3s 4.5ms 1µs 9ns 1m0s", true},
		{"longer bars", "a ░░░█✓", "a ░███✓", true},
		{"a bar less", "a ░░░█✓", "a ████✓", false},
		{"gap", "a\n...\nd", "a\nb\nc\nd", true},
		{"gaps at the ends", "...\nb\n...", "a\nb\nc", true},
		{"only a gap", "...", "a\nb", true},
		{"other number", "4 connected", "5 connected", false},
		{"other address", "127.0.0.1:7878", "127.0.0.2:7878", false},
		{"other order", "Long\nEcho", "Echo\nLong", false},
		{"line more", "a", "a\nb", false},
		{"line less", "a\nb", "a", false},
		{"nothing shown", "", "a", false},
		{"nothing printed", "a", "", false},
		{"after a gap", "a\n...\nx", "a\nb\nc", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := compare(strings.Split(test.want, "\n"), strings.Split(test.got, "\n"))
			assert.Equal(t, test.same, err == nil, err)
		})
	}
}
