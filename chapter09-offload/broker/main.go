// Command broker is a nats-server for readers who have none: a queue for long checks, kept
// on disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:4222", "the `address` to listen on")
	dir := flag.String("dir", filepath.Join(os.TempDir(), "chapter09-broker"), "the `folder` that keeps the queue")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, *addr, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, addr, dir string) error {
	options, err := configure(addr, dir)
	if err != nil {
		return err
	}
	broker, err := server.NewServer(options)
	if err != nil {
		return err
	}
	broker.ConfigureLogger()
	broker.Start()
	if !broker.ReadyForConnections(10 * time.Second) {
		return errors.New("not ready after 10 s")
	}
	if ip, err := netip.ParseAddr(options.Host); err != nil || !ip.IsLoopback() {
		broker.Warnf("Anybody who reaches %s can put checks into the queue and take them out: there is no login", addr)
	}
	<-ctx.Done()
	broker.Shutdown()
	broker.WaitForShutdown()
	return nil
}

// configure returns the options of a server whose port may be 0, for a free one.
func configure(addr, dir string) (*server.Options, error) {
	host, service, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, err
	}
	options := &server.Options{Host: host, Port: int(port), JetStream: true, StoreDir: dir, NoSigs: true}
	if port == 0 {
		options.Port = server.RANDOM_PORT
	}
	return options, nil
}
