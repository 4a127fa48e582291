//go:build unix

// Command firstloop is an event loop and nothing else. It numbers what each client says, and
// sends it back.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/netip"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7878", "the IPv4 `address` to listen on")
	flag.Parse()
	listener, err := listen(*addr)
	if err != nil {
		log.Fatal(err)
	}
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, func() { os.Exit(0) })
	serve(listener)
}

// listen returns a socket to which clients can connect, and which never waits for one.
func listen(addr string) (int, error) {
	at, err := netip.ParseAddrPort(addr)
	if err == nil && !at.Addr().Is4() {
		err = fmt.Errorf("%s is no IPv4 address", addr)
	}
	if err != nil {
		return -1, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: at.Addr().As4(), Port: int(at.Port())}); err != nil {
		return -1, err
	}
	if err := unix.Listen(fd, unix.SOMAXCONN); err != nil {
		return -1, err
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return -1, err
	}
	log.Printf("listening on %v:%d", at.Addr(), bound.(*unix.SockaddrInet4).Port)
	return fd, unix.SetNonblock(fd, true)
}

func serve(listener int) {
	said := map[int]int{} // by client: how often it has said something
	buf := make([]byte, 4096)
	for {
		fds := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		for client := range said {
			fds = append(fds, unix.PollFd{Fd: int32(client), Events: unix.POLLIN})
		}
		unix.Poll(fds, -1) // the only place where anything waits
		for _, f := range fds {
			switch {
			case f.Revents == 0: // nothing from this one
			case f.Fd == int32(listener):
				if client, _, err := unix.Accept(listener); err == nil {
					unix.SetNonblock(client, true)
					said[client] = 0
				}
			default:
				turn(said, int(f.Fd), buf)
			}
		}
	}
}

// turn answers what a client has said.
func turn(said map[int]int, client int, buf []byte) {
	n, err := unix.Read(client, buf)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR: // nothing after all
	case err != nil || n == 0:
		delete(said, client)
		unix.Close(client)
	default:
		said[client]++
		unix.Write(client, fmt.Appendf(nil, "%d: %s", said[client], buf[:n]))
	}
}
