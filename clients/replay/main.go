// Command replay plays the script of the book, as simple_test_client.py does: three
// clients at once, each of which prints a line when it has its reply.
//
//	replay [-addr host:port] [-timeline]
package main

import (
	"context"
	"flag"
	"log"
	"time"

	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/tour/timeline"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("replay: ")
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` of the server")
	draw := flag.Bool("timeline", false, "draw when each client connects, is greeted and is answered")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("what is %s?", flag.Arg(0))
	}
	if err := replay(*addr, *draw, terminal.Stdout()); err != nil {
		log.Fatal(err)
	}
}

// headStart is that of simple_test_client.py.
const headStart = 100 * time.Millisecond

// replay plays the script. If it fails, the timeline shows how far it has come.
func replay(addr string, draw bool, screen *terminal.Screen) error {
	t := timeline.New()
	err := script.Run(context.Background(), addr, headStart, func(e script.Event) {
		t.Observe(e)
		if e.Stage == script.Answered {
			screen.Print(script.Clients[e.Client].Name + ": " + e.Reply)
		}
	})
	if draw && t.End() > 0 {
		screen.Print("")
		screen.Print(t.Text(screen.Width(), t.End(), t.End())...)
		screen.Print("")
		screen.Print(timeline.Legend(screen.Width())...)
	}
	return err
}
