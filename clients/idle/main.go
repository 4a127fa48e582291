// Command idle connects to a server and says nothing.
//
//	idle [-addr host:port] [-n 1] [-ask '^a$']
//
// It holds its connections until you interrupt it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("idle: ")
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` of the server")
	n := flag.Int("n", 1, "how many `connections` to open")
	ask := flag.String("ask", "", "the `bytes` that each connection sends, and then no more")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := idle(ctx, *addr, *n, *ask, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// idle opens n connections, reports, and holds them until ctx is done.
func idle(ctx context.Context, addr string, n int, ask string, out io.Writer) error {
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	for range n {
		conn, err := net.DialTimeout("tcp", addr, 10*time.Second)
		if errors.Is(err, syscall.EMFILE) {
			return fmt.Errorf("no descriptor left for connection %d: allow more with ulimit -n %d",
				len(conns)+1, n+100)
		}
		if err != nil {
			return fmt.Errorf("connection %d: %w", len(conns)+1, err)
		}
		conns = append(conns, conn)
		if _, err := io.WriteString(conn, ask); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, len(conns), "connected")
	fmt.Fprintln(out, greeted(conns), "greeted")
	<-ctx.Done()
	return nil
}

// greeted waits for a second and returns how many connections have got a byte.
func greeted(conns []net.Conn) int64 {
	deadline := time.Now().Add(time.Second)
	var count atomic.Int64
	var waiting sync.WaitGroup
	for _, conn := range conns {
		waiting.Go(func() {
			conn.SetReadDeadline(deadline)
			n, _ := conn.Read(make([]byte, 1))
			count.Add(int64(n))
		})
	}
	waiting.Wait()
	return count.Load()
}
