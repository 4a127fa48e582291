//go:build unix

// Command chapter05-nonblocking serves every client in one goroutine.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` to listen on")
	wait := flag.String("poller", defaultPoller, fmt.Sprint("how to wait for sockets, one of ", pollerNames()))
	flag.Parse()
	if !slices.Contains(pollerNames(), *wait) {
		log.Fatalf("-poller must be one of %v", pollerNames())
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %v", ln.Addr())

	logger := newLogger(os.Stderr)
	log.SetOutput(logger)
	srv := &Server{Check: IsPrimeContext, Poller: *wait}
	err = srv.Serve(ctx, ln)
	logger.Close()
	log.SetOutput(os.Stderr)
	if err != nil {
		log.Fatal(err)
	}
}
