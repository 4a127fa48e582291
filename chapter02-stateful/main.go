// Command chapter02-stateful serves one client at a time, through a state machine.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` to listen on")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %v", ln.Addr())

	srv := &Server{Check: IsPrimeContext}
	if err := srv.Serve(ctx, ln); err != nil {
		log.Fatal(err)
	}
}
