// Command chapter08-async-server serves each client in a goroutine of its own. It limits
// how many there are and how long they may take, and when it stops, it answers first.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/concurrent-network-server/chapter08-async-server/prime"
	"example.com/concurrent-network-server/chapter08-async-server/server"
)

func main() {
	srv := &server.Server{Check: prime.IsPrimeContext, WriteTimeout: 30 * time.Second}
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` to listen on")
	flag.DurationVar(&srv.Grace, "grace", 10*time.Second, "how long to wait for requests in flight at the end")
	flag.IntVar(&srv.MaxConns, "max-conns", 10_000, "how many clients to serve at a time, 0 for no limit")
	flag.DurationVar(&srv.IdleTimeout, "idle-timeout", 5*time.Minute, "how long a client may be silent, 0 for ever")
	var level slog.Level
	flag.TextVar(&level, "log-level", slog.LevelInfo, "debug, info, warn or error")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		fatal(err)
	}
	slog.Info("listening", "addr", ln.Addr())

	if err := srv.Serve(ctx, ln); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	slog.Error(err.Error())
	os.Exit(1)
}
