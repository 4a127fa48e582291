package cases

import (
	"strings"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var frameGroup = engine.Group{
	Name: "frames",
	Rule: "client: ^ payload $ a request. Bytes outside such a frame are ignored.",
	Cases: []engine.Case{
		{Name: "bytes before", Run: answered("xyz\r\n^a$")},
		{Name: "a $ outside", Run: answered("$$^a$", "$^b$")},
		{Name: "a P outside", Run: answered("P7$ P^a$")},
		{Name: "bytes between", For: sessions, Run: answered("^a$xyz^b$\r\n7$^c$")},
		{Name: "any byte but ^ outside", Run: answered(bytesBut("^") + "^a$")},
		{Name: "1 MiB outside", Run: func(t *engine.Test) {
			c := t.Client()
			c.Exchange(strings.Repeat("x", 1<<20)+"^a$", 1, engine.Text("b"))
			c.Leave()
		}},
	},
}

// bytesBut returns all bytes but some.
func bytesBut(some string) string {
	var all []byte
	for c := range 256 {
		if !strings.Contains(some, string([]byte{byte(c)})) {
			all = append(all, byte(c))
		}
	}
	return string(all)
}
