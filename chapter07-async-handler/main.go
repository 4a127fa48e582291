//go:build unix

// Command chapter07-async-handler serves each client in a coroutine of its own, in one goroutine.
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

	"example.com/concurrent-network-server/chapter07-async-handler/poller"
	"example.com/concurrent-network-server/chapter07-async-handler/prime"
	"example.com/concurrent-network-server/chapter07-async-handler/server"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` to listen on")
	wait := flag.String("poller", poller.Default, fmt.Sprint("how to wait for sockets, one of ", poller.Names()))
	flag.Parse()
	if !slices.Contains(poller.Names(), *wait) {
		log.Fatalf("-poller must be one of %v", poller.Names())
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
	srv := &server.Server{Check: prime.IsPrimeContext, Poller: *wait}
	err = srv.Serve(ctx, ln)
	logger.Close()
	log.SetOutput(os.Stderr)
	if err != nil {
		log.Fatal(err)
	}
}
