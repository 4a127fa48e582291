package protocol

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// script feeds the segments to one parser and writes its events down. Payload that
// arrives in pieces reads like payload that arrives whole.
func script(segments ...string) string {
	var parser Parser
	var b strings.Builder
	for _, segment := range segments {
		for in := []byte(segment); len(in) > 0; {
			var event Event
			event, in = parser.Next(in)
			switch event.Kind {
			case Echo:
				b.Write(event.Data)
			case Check:
				b.WriteString("<" + strconv.FormatUint(event.N, 10) + ">")
			case Invalid:
				b.WriteString("<" + event.Reason.String() + ">")
			}
		}
	}
	return b.String()
}

// TestParser proves that the events are the same whether the input comes whole, byte by byte, or behind another request.
func TestParser(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"echo", "^abc$", "abc"},
		{"echo of an unfinished frame", "^abc", "abc"},
		{"empty frame", "^$", ""},
		{"bytes outside a frame", "a$P7^b$c^d$e", "bd"},
		{"every byte is payload", "^\x00\xff\n$", "\x00\xff\n"},
		{"a P later in the payload", "^aP7$", "aP7"},
		{"a ^ in a frame", "^^a^$", "^a^"},
		{"number", "^P7$", "<7>"},
		{"unfinished number", "^P7", ""},
		{"two requests", "^P7$^P8$", "<7><8>"},
		{"a number between two echoes", "^a$^P7$^b$", "a<7>b"},
		{"largest number", "^P18446744073709551615$", "<18446744073709551615>"},
		{"one too large", "^P18446744073709551616$", "<number too large>"},
		{"far too large", "^P99999999999999999999$", "<number too large>"},
		{"too large, and larger after it wraps around", "^P30000000000000000000$", "<number too large>"},
		{"leading zeros", "^P" + strings.Repeat("0", 10_000) + "7$", "<7>"},
		{"only zeros", "^P000$", "<0>"},
		{"no digits", "^P$", "<no digits>"},
		{"not a digit", "^P7x$", "<not a number>"},
		{"sign", "^P-7$", "<not a number>"},
		{"below the digits", "^P7/$", "<not a number>"},
		{"above the digits", "^P7:$", "<not a number>"},
		{"a ^ in a number", "^P^7$", "<not a number>"},
		{"the first error counts", "^P99999999999999999999x$", "<number too large>"},
		{"after an error", "^Px$^P7$^a$", "<not a number><7>a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, script(test.in)); diff != "" {
				t.Errorf("whole (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, script(bytesOf(test.in)...)); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNotDigits proves that no byte but a digit belongs to a number, wherever it stands, and
// that the frame goes on until its $.
func TestNotDigits(t *testing.T) {
	for c := range 256 {
		if c >= '0' && c <= '9' || c == '$' {
			continue
		}
		for _, number := range []string{"%c", "%c7", "7%c", "1%c1", "x%c7"} {
			in := "^P" + strings.Replace(number, "%c", string([]byte{byte(c)}), 1) + "$^a$"
			if got := script(in); got != "<not a number>a" {
				t.Errorf("a client that sends %q should be told that this is not a number, and then get its echo: the events are %q", in, got)
			}
		}
	}
}

// TestFrameEndsWithInput proves that a frame is over at its $, however many bytes it
// comes in: the next input begins outside.
func TestFrameEndsWithInput(t *testing.T) {
	for k := 2; k <= 1<<16; k *= 2 {
		for size := max(k-1, 2); size <= k+1; size++ {
			payload, zeros := strings.Repeat("a", size-2), strings.Repeat("0", max(size-3, 0))
			if got := script("^"+payload+"$", "x^P7$"); got != payload+"<7>" {
				t.Errorf("an echo of %d bytes, whole, stays open: of what follows it comes %q", size, got[len(payload):])
			}
			if got, want := script("^P"+zeros+"$", "x^P7$"), "<0><7>"; got != want && zeros != "" {
				t.Errorf("a number of %d bytes, whole, stays open: the events are %q, not %q", size, got, want)
			}
		}
	}
}

// TestEchoIsOneEvent proves that a run of payload stays together: an event for each byte would
// cost the server as much as a request.
func TestEchoIsOneEvent(t *testing.T) {
	var parser Parser
	for _, in := range []string{"^hello", " there", ", friend$"} {
		event, rest := parser.Next([]byte(in))
		want := strings.Trim(in, "^$")
		if event.Kind != Echo || string(event.Data) != want || len(rest) > 0 {
			t.Errorf("%q is one run of payload, %q, and should be one event; it begins with %q, and leaves %q", in, want, event.Data, rest)
		}
	}
}

// FuzzParser cuts a stream in two places and compares the events with those of a
// parser that sees whole frames only.
func FuzzParser(f *testing.F) {
	f.Add("^abc$^P7$", uint(2), uint(6))
	f.Add("x^P18446744073709551616$^^$^P$^aP", uint(9), uint(9))
	f.Fuzz(func(t *testing.T, in string, cut1, cut2 uint) {
		i := int(cut1 % uint(len(in)+1))
		j := i + int(cut2%uint(len(in)-i+1))
		want := wholeFrames(in)
		if diff := cmp.Diff(want, script(in[:i], in[i:j], in[j:])); diff != "" {
			t.Errorf("%q cut at %d and %d (-want +got):\n%s", in, i, j, diff)
		}
		if diff := cmp.Diff(want, script(bytesOf(in)...)); diff != "" {
			t.Errorf("%q byte by byte (-want +got):\n%s", in, diff)
		}
	})
}

// wholeFrames is the protocol written down a second time, for a stream at rest.
func wholeFrames(in string) string {
	_, rest, found := strings.Cut(in, "^")
	if !found {
		return ""
	}
	payload, rest, whole := strings.Cut(rest, "$")
	digits, isNumber := strings.CutPrefix(payload, "P")
	switch {
	case isNumber && whole:
		return "<" + number(digits) + ">" + wholeFrames(rest)
	case isNumber:
		return ""
	}
	return payload + wholeFrames(rest)
}

func number(digits string) string {
	n, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case digits == "":
		return NoDigits.String()
	case errors.Is(err, strconv.ErrRange):
		return TooLarge.String()
	case err != nil:
		return NotNumber.String()
	}
	return strconv.FormatUint(n, 10)
}

// bytesOf cuts a string into its bytes.
func bytesOf(s string) []string {
	var cut []string
	for i := range len(s) {
		cut = append(cut, s[i:i+1])
	}
	return cut
}
