// Command broker is a nats-server for readers who have none: a queue for long checks, kept
// on disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
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
	tcp, err := find(addr)
	if err != nil {
		return err
	}
	lock, err := own(dir)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	broker, err := server.NewServer(&server.Options{
		Host: tcp.IP.String(), Port: tcp.Port, JetStream: true, StoreDir: dir, NoSigs: true,
	})
	if err != nil {
		return err
	}
	broker.ConfigureLogger()
	if !tcp.IP.IsLoopback() {
		broker.Warnf("Anybody who reaches %v can put checks into the queue and take them out: there is no login", tcp)
	}
	broker.Start() // which ends the program if it fails
	if !broker.ReadyForConnections(10 * time.Second) {
		return errors.New("not ready after 10 s")
	}
	<-ctx.Done()
	broker.Shutdown()
	broker.WaitForShutdown()
	return nil
}

// own keeps the folder from other brokers, as long as the lock is held.
func own(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, "broker.lock"))
	free, err := lock.TryLock()
	if err == nil && !free {
		err = fmt.Errorf("another broker keeps its queue in %s", dir)
	}
	return lock, err
}

// find returns the address to listen on; port 0 stands for a free one. What is wrong with
// the address is an error here, before anything is done to the folder, in which another
// broker may be at work.
func find(addr string) (*net.TCPAddr, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return ln.Addr().(*net.TCPAddr), ln.Close()
}
