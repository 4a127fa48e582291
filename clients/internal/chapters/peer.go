package chapters

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// StartAt is Start for a server that is no chapter. Each {addr} in the command is replaced by
// an address that is free, and {host} and {port} by its parts. The server is there when it
// takes a connection.
func StartAt(ctx context.Context, command []string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(addr)
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = strings.NewReplacer("{addr}", addr, "{host}", host, "{port}", port).Replace(word)
	}
	s, err := launch(words[0], words[1:])
	if err != nil {
		return nil, err
	}
	s.Addr = addr
	if err := s.awaitConn(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// freeAddr returns an address on which nobody listens now. Somebody else may be quicker to
// take it; then the server says so.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// awaitConn connects until the server takes it.
func (s *Server) awaitConn(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTime, errors.New("it listens to nobody at "+s.Addr))
	defer cancel()
	for {
		conn, err := net.Dial("tcp", s.Addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.done:
			return s.ended()
		case <-ctx.Done():
			return fmt.Errorf("%w%s", context.Cause(ctx), s.lastWords())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
