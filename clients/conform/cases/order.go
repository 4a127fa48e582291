package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var orderGroup = engine.Group{
	Name: "order",
	Rule: "Replies come in the order of the requests, however the bytes were cut on their way.",
	Cases: []engine.Case{
		{Name: "echoes in one segment", For: sessions, Run: streams(strings.Repeat("^a$^bc$^de$", 60) + "^f$")},
		{Name: "in one segment", For: sessions, Run: streams("^a$^P7$^b$^Px$^cde$^P7$^P7$^f$")},
		{Name: "280 requests in one segment", For: sessions, Run: streams(strings.Repeat("^a$^P7$^b$^Px$^cde$^P7$^f$", 40))},
		{Name: "a long check before an echo", For: sessions, Slow: true, LongCheck: true, Run: func(t *engine.Test) {
			streams(longRequest(t) + "^a$^P7$^b$")(t)
		}},
		{Name: "echoes, cut everywhere", For: sessions, Run: cutEverywhere("x^abc$y^aP7$^d$")},
		{Name: "numbers, cut everywhere", For: sessions, Run: cutEverywhere("^P7$^P104729$x", "^P0000000007$^Px$^P7$")},
		{Name: "all kinds, cut everywhere", For: sessions, Run: cutEverywhere("^abc$^P7$^d$", "x^aP7$^Px$y^P7$^b$")},
		{Name: "one request, cut everywhere", For: single, Run: cutEverywhere("x^abc$", "^aP7$", "^P104729$", "^Px$")},
		{Name: "a long number in pieces", Run: func(t *engine.Test) {
			cut(t, []string{"^", "P", "10", "4", "729", "$"})
			cut(t, []string{"^P", "00000", "00000", "7", "$"})
		}},
	},
}

// cutEverywhere sends each stream byte by byte, and in two segments in all ways.
func cutEverywhere(streams ...string) func(*engine.Test) {
	return func(t *engine.Test) {
		for _, stream := range streams {
			cut(t, strings.Split(stream, ""))
			for i := 1; i < len(stream); i++ {
				cut(t, []string{stream[:i], stream[i:]})
			}
		}
	}
}
