package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var dataGroup = engine.Group{
	Name: "data",
	Rule: "A P later in the payload is data: ^aP7$ gives bQ8. So is a ^ inside a frame. ^$ gets no reply.",
	Cases: []engine.Case{
		{Name: "a P later", Run: echoes("aP7", "7P", "aP")},
		{Name: "a small p", Run: echoes("p7")},
		{Name: "a ^ inside", Run: echoes("a^b", "a^", "a^P7")},
		{Name: "a ^ first", Run: echoes("^", "^P7", "^^")},
		{Name: "an empty frame", Run: answered("^$")},
		{Name: "many empty frames", For: sessions, Run: answered(strings.Repeat("^$", 100) + "^a$")},
	},
}
