package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var errorGroup = engine.Group{
	Name: "errors",
	Rule: "server: error: reason\\n: after the P there are no digits, bytes other than digits, or more than 2^64-1",
	Cases: []engine.Case{
		{Name: "no digits", Run: numbers("")},
		{Name: "over 2^64-1", Run: numbers("18446744073709551616", "18446744073709551617", "18446744073709551629",
			"36893488147419103232", "99999999999999999999", "18446744073709551620")},
		{Name: "far over 2^64-1", Run: numbers("1000000000000000000000000000007", strings.Repeat("9", 1000))},
		{Name: "signs", Run: numbers("+7", "-7", "-", "+")},
		{Name: "spaces", Run: numbers(" 7", "7 ", " ", "\t7", "7\n", "7 7")},
		{Name: "letters and points", Run: numbers("7a", "a7", "P7", "0x7", "7.0", "1e3", "1_000", "1,000")},
		{Name: "other bytes", Run: numbers("7\x00", "\x007", "7^7", "\xff", "/", ":")},
		{Name: "digits of other scripts", Run: numbers("٧", "７", "७", "⁷")},
		{Name: "once for each request", For: sessions, Run: func(t *engine.Test) {
			c := t.Client()
			c.Ask("^Pabcdefgh$^a$")
			c.Ask("^ok$")
			c.Finish()
			cut(t, []string{"^P", "x", "y", "z", "$"})
		}},
	},
}
