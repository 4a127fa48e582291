// Command checker makes long checks for servers that hand them out with -queue.
package main

import (
	"cmp"
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"example.com/concurrent-network-server/chapter09-offload/beyond/queue"
	"example.com/concurrent-network-server/chapter09-offload/prime"
	"example.com/concurrent-network-server/chapter09-offload/worker"
)

func main() {
	workers := queue.Workers{Check: prime.IsPrimeContext}
	flag.IntVar(&workers.N, "workers", runtime.GOMAXPROCS(0), "how many checks to make at a time")
	flag.DurationVar(&workers.Grace, "grace", 10*time.Second, "how long a check that has begun may take at the end")
	threads := worker.Options{Threads: true}
	flag.IntVar(&threads.Nice, "nice", 19, "the nice value of the workers' threads, from 0 to 19 (Linux)")
	var broker queue.Options
	broker.Flags(flag.CommandLine)
	var level slog.Level
	flag.TextVar(&level, "log-level", slog.LevelInfo, "debug, info, warn or error")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	broker.URL = cmp.Or(broker.URL, nats.DefaultURL)
	if workers.N < 1 {
		fatal("-workers must be at least 1")
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	threads.Workers = workers.N
	pool := worker.NewPool(threads)
	defer pool.Close()
	workers.Check = on(pool, workers.Check)
	if err := workers.Run(ctx, broker); err != nil {
		fatal(err.Error())
	}
}

// on lets the workers of the pool make the checks.
func on(pool *worker.Pool, check queue.Check) queue.Check {
	return func(ctx context.Context, n uint64) (isPrime bool, err error) {
		abandoned := pool.Do(ctx, func() { isPrime, err = check(ctx, n) })
		return isPrime, cmp.Or(abandoned, err)
	}
}

func fatal(message string) {
	slog.Error(message)
	os.Exit(1)
}
