// Command beyond is chapter 9's server, which with -queue lets other machines compute.
package main

import (
	"cmp"
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"example.com/concurrent-network-server/chapter09-offload/beyond/queue"
	"example.com/concurrent-network-server/chapter09-offload/prime"
	"example.com/concurrent-network-server/chapter09-offload/server"
	"example.com/concurrent-network-server/chapter09-offload/worker"
)

func main() {
	srv := &server.Server{Check: prime.IsPrimeContext, WriteTimeout: 30 * time.Second}
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` to listen on")
	flag.DurationVar(&srv.Grace, "grace", 10*time.Second, "how long to wait for requests in flight at the end")
	flag.IntVar(&srv.MaxConns, "max-conns", 10_000, "how many clients to serve at a time, 0 for no limit")
	flag.DurationVar(&srv.IdleTimeout, "idle-timeout", 5*time.Minute, "how long a client may be silent, 0 for ever")
	var workers worker.Options
	flag.IntVar(&workers.Workers, "workers", runtime.GOMAXPROCS(0), "how many long checks to make at a time, 0 for no limit")
	flag.BoolVar(&workers.Threads, "threads", true, "give each worker an operating system thread of its own")
	flag.IntVar(&workers.Nice, "nice", 19, "the nice value of these threads, from 0 to 19 (Linux)")
	var broker queue.Options
	broker.Flags(flag.CommandLine)
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

	if workers.Workers > 0 {
		pool := worker.NewPool(workers)
		defer pool.Close()
		srv.Check = offload(pool, srv.Check)
	}
	if broker.URL != "" {
		client, err := queue.NewClient(ctx, broker, srv.Check, workers.Workers)
		if err != nil {
			fatal(err)
		}
		defer client.Close()
		srv.Check = client.Check
	}
	if err := srv.Serve(ctx, ln); err != nil {
		fatal(err)
	}
}

// offload lets the workers of the pool make the checks.
func offload(pool *worker.Pool, check server.Check) server.Check {
	return func(ctx context.Context, n uint64) (isPrime bool, err error) {
		abandoned := pool.Do(ctx, func() { isPrime, err = check(ctx, n) })
		return isPrime, cmp.Or(abandoned, err)
	}
}

func fatal(err error) {
	slog.Error(err.Error())
	os.Exit(1)
}
