//go:build unix

// Command firstloop is an event loop and nothing else. It numbers what each client says, and
// sends it back.
package main

import (
	"flag"
	"fmt"
	"log"

	"golang.org/x/sys/unix"
)

func main() {
	port := flag.Int("port", 7878, "where to listen")
	flag.Parse()
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	unix.SetsockoptInt(listener, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err := unix.Bind(listener, &unix.SockaddrInet4{Port: *port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		log.Fatal(err)
	}
	unix.Listen(listener, 100)
	unix.SetNonblock(listener, true)
	log.Printf("listening on 127.0.0.1:%d", *port)
	serve(listener)
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
