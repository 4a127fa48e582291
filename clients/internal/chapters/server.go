package chapters

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

const (
	startTime = 30 * time.Second // for a server to listen
	keptLog   = 4096             // how many bytes of a server's log are kept
)

// A Server is a program that listens.
type Server struct {
	Addr string // where it listens, or the server that it works for
	*Process
}

// Start starts a chapter's program on a free port and waits until it listens.
func Start(ctx context.Context, program string, args ...string) (*Server, error) {
	return StartWith(ctx, program, nil, args...)
}

// StartWith is Start for a program that inherits two files as its descriptors 5 and 6, which
// Windows can't do. (3 and 4 belong to the guard.)
func StartWith(ctx context.Context, program string, files []*os.File, args ...string) (*Server, error) {
	cmd := exec.Command(program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.ExtraFiles = files
	return StartCmd(ctx, cmd, keptLog)
}

// StartCmd is Start for a command that listens where its arguments say, or nowhere. It keeps the last
// bytes of its log.
func StartCmd(ctx context.Context, cmd *exec.Cmd, kept int) (*Server, error) {
	s, err := launch(cmd, kept)
	if err != nil {
		return nil, err
	}
	if err := s.awaitAddr(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// launch starts a program and doesn't wait for anything.
func launch(cmd *exec.Cmd, kept int) (*Server, error) {
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "NATS_URL=") // chapter 9's -queue is the caller's business
	p, err := Launch(cmd, kept)
	return &Server{Process: p}, err
}

func (s *Server) awaitAddr(ctx context.Context) error {
	select {
	case s.Addr = <-s.log.addr:
		return nil
	case <-s.done:
		return s.ended()
	case <-time.After(startTime):
		return fmt.Errorf("it does not say where it listens%s", s.lastWords())
	case <-ctx.Done():
		return ctx.Err()
	}
}

// log.Printf, log/slog and nats-server write it in different ways; a checker listens to nobody.
var listening = regexp.MustCompile(`([Ll]istening|taking checks)\b.*?([\w.:\[\]]+:\d+)\s`)

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
	s, err := launch(exec.Command(words[0], words[1:]...), keptLog)
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
