package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var errorGroup = engine.Group{
	Name: "errors",
	Rule: "server: error: reason\\n: after the P there are no digits, bytes other than digits, or more than 2^64-1",
	Cases: []engine.Case{
		{Name: "no digits", Run: numbers("", "7", "", "x", "")},
		{Name: "over 2^64-1", Run: numbers("18446744073709551616", "18446744073709551617", "18446744073709551629",
			"36893488147419103232", "99999999999999999999", "18446744073709551620")},
		// Added up in 64 bits, these come out larger than they were before the last digit.
		{Name: "over 2^64-1 without a wrap", Run: numbers("20000000000000000000", "30000000000000000000", "30000000000000000007",
			"60000000000000000000", "90000000000000000000", "120000000000000000000", "300000000000000000007")},
		{Name: "far over 2^64-1", Run: numbers("1000000000000000000000000000007", strings.Repeat("9", 1000))},
		{Name: "signs", Run: numbers("+7", "-7", "-", "+")},
		{Name: "spaces", Run: numbers(" 7", "7 ", " ", "\t7", "7\n", "7 7", "7\r", "\r7", "7\r\n", "\r")},
		{Name: "letters and points", Run: numbers("7a", "a7", "P7", "0x7", "7.0", "1e3", "1_000", "1,000")},
		{Name: "other bytes", Run: numbers("7\x00", "\x007", "7^7", "\xff", "/", ":")},
		{Name: "any byte but a digit", For: sessions, Run: streams(wrongNumbers())},
		{Name: "a ^ inside", Run: numbers("x^a", "x^P7", "^7", "^P7", "7^", "7^P7", "99999999999999999999^a", "^")},
		{Name: "of any length", Run: func(t *engine.Test) {
			for _, wrong := range [][2]string{{"", "x"}, {"7", "x"}, {"7", "^"}, {"", "9"}} {
				numbers(repeated(wrong[0], wrong[1])...)(t)
			}
		}},
		{Name: "digits of other scripts", Run: numbers("٧", "７", "७", "⁷")},
		{Name: "once for each request", For: sessions, Run: func(t *engine.Test) {
			streams("^Pabcdefgh$^a$")(t)
			cut(t, []string{"^P", "x", "y", "z", "$"})
		}},
	},
}

// wrongNumbers asks for a number with each other byte before a digit, after it, and alone.
func wrongNumbers() string {
	var all strings.Builder
	for _, c := range strings.Split(bytesBut("0123456789$"), "") {
		all.WriteString(engine.Number("7"+c) + engine.Number(c+"7") + engine.Number(c))
	}
	return all.String()
}

// repeated returns a byte after others, so often that it is no number, in many lengths: a
// server may have room for a certain number of bytes of what it complains about.
func repeated(before, c string) []string {
	var all []string
	for n := 21; n <= 80; n++ {
		all = append(all, before+strings.Repeat(c, n))
	}
	for n := 128; n < 4096; n *= 2 {
		all = append(all, before+strings.Repeat(c, n-1), before+strings.Repeat(c, n))
	}
	return all
}
