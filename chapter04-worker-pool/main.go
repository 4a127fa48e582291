// Command chapter04-worker-pool serves clients with a fixed number of goroutines.
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
	workers := flag.Int("workers", 4, "how many clients to serve at a time")
	flag.Parse()
	if *workers < 1 {
		log.Fatal("-workers must be at least 1")
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %v", ln.Addr())

	srv := &Server{Check: IsPrimeContext, Workers: *workers}
	if err := srv.Serve(ctx, ln); err != nil {
		log.Fatal(err)
	}
}
