// Package testserver is servers for tests of the clients: those of the protocol, and
// those that do something wrong.
package testserver

import (
	"bufio"
	"cmp"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A Server is how a server behaves. The zero value serves the protocol to all at once.
type Server struct {
	AtOnce     int                         // how many clients it serves at a time; 0 is all
	OneRequest bool                        // whether it hangs up after one request
	Greeting   string                      // instead of a *
	Reply      func(payload string) string // instead of Reply; Hangup closes the connection
}

// Hangup is a reply that closes the connection.
const Hangup = "\x00hang up"

// Start runs the server until the test ends, and returns its address.
func Start(t testing.TB, s Server) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	if s.Reply == nil {
		s.Reply = Reply
	}
	s.Greeting, s.AtOnce = cmp.Or(s.Greeting, "*"), cmp.Or(s.AtOnce, 10_000)
	go s.accept(ln)
	return ln.Addr().String()
}

func (s Server) accept(ln net.Listener) {
	free := make(chan struct{}, s.AtOnce)
	for {
		free <- struct{}{}
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			s.Serve(conn)
			<-free
		}()
	}
}

// Serve serves one client.
func (s Server) Serve(conn net.Conn) {
	defer conn.Close()
	io.WriteString(conn, s.Greeting)
	r := bufio.NewReader(conn)
	for {
		frame, err := r.ReadString('$')
		if err != nil {
			return
		}
		payload := strings.TrimSuffix(strings.TrimPrefix(frame, "^"), "$")
		reply := s.Reply(payload)
		if reply == Hangup {
			return
		}
		io.WriteString(conn, reply)
		if s.OneRequest {
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, r) // until the client hangs up
			return
		}
	}
}

// Reply is what the protocol says. Every number is prime.
func Reply(payload string) string {
	if strings.HasPrefix(payload, "P") {
		return "prime\n"
	}
	echo := []byte(payload)
	for i := range echo {
		echo[i]++
	}
	return string(echo)
}
