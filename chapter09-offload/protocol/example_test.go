package protocol_test

import (
	"fmt"

	"example.com/concurrent-network-server/chapter09-offload/protocol"
)

func Example() {
	var parser protocol.Parser
	for _, segment := range []string{"^ec", "ho$^P", "7$^P$"} {
		for in := []byte(segment); len(in) > 0; {
			var event protocol.Event
			event, in = parser.Next(in)
			switch event.Kind {
			case protocol.Echo:
				fmt.Printf("echo %q\n", event.Data)
			case protocol.Check:
				fmt.Println("check", event.N)
			case protocol.Invalid:
				fmt.Println("error:", event.Reason)
			}
		}
	}
	// Output:
	// echo "ec"
	// echo "ho"
	// check 7
	// error: no digits
}
