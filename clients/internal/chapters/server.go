package chapters

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	startTime = 10 * time.Second // for a server to listen
	stopTime  = 5 * time.Second  // for a server to end when it is interrupted
	keptLog   = 4096             // how many bytes of a server's log are kept

	// waitDelay is how long a server's log is read after its end, if something that it
	// has started still has it open.
	waitDelay = time.Second
)

// A Server is one that runs.
type Server struct {
	Addr string // where it listens, or the server that it works for
	PID  int
	cmd  *exec.Cmd
	log  *serverLog
	done chan struct{} // closed when it has ended
}

// Start starts a chapter's program on a free port and waits until it listens. The server
// does not outlive this program, however that ends. Ctrl-C does not reach the server, which
// is in another process group: call Stop.
func Start(ctx context.Context, program string, args ...string) (*Server, error) {
	return StartCommand(ctx, program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
}

// StartCommand is Start for a program that listens where its arguments say, or nowhere.
func StartCommand(ctx context.Context, program string, args ...string) (*Server, error) {
	s, err := launch(program, args)
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
func launch(program string, args []string) (*Server, error) {
	s := &Server{log: newServerLog(), done: make(chan struct{})}
	s.cmd = exec.Command(program, args...)
	s.cmd.Env = append(os.Environ(), "NATS_URL=") // chapter 9's -queue is the caller's business
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.WaitDelay = waitDelay
	end, err := guard(s.cmd)
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		end()
		return nil, err
	}
	s.PID = s.cmd.Process.Pid
	go func() {
		s.cmd.Wait() // ended reads how it has ended
		end()
		close(s.done)
	}()
	return s, nil
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

// Explain returns the error that a client has met, or a better one if the server has
// ended.
func (s *Server) Explain(err error) error {
	if err == nil {
		return nil
	}
	select {
	case <-s.done:
	case <-time.After(time.Second / 4): // its clients may know before its parent does
	}
	select {
	case <-s.done:
		return s.ended()
	default:
		return err
	}
}

// ended says how the server has ended. It was not asked to.
func (s *Server) ended() error {
	return fmt.Errorf("the server has ended (%v)%s", s.cmd.ProcessState, s.lastWords())
}

func (s *Server) lastWords() string {
	lines := strings.Split(strings.TrimSpace(s.Log()), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return ": " + last
	}
	return ""
}

// Log returns the end of what the server has printed.
func (s *Server) Log() string { return s.log.String() }

// Signal sends the server a signal.
func (s *Server) Signal(sig os.Signal) error { return s.cmd.Process.Signal(sig) }

// Ended returns a channel that is closed when the server has ended.
func (s *Server) Ended() <-chan struct{} { return s.done }

// State says how the server has ended, after it has: exit status 0.
func (s *Server) State() string { return s.cmd.ProcessState.String() }

// Stop ends the server: it asks, it waits, and then it kills.
func (s *Server) Stop() {
	if s.cmd.Process.Signal(os.Interrupt) != nil { // not on Windows
		s.cmd.Process.Kill()
	}
	select {
	case <-s.done:
	case <-time.After(stopTime):
		s.cmd.Process.Kill()
		<-s.done
	}
}

// log.Printf, log/slog and nats-server write it in different ways; a checker listens to nobody.
var listening = regexp.MustCompile(`([Ll]istening|taking checks)\b.*?([\w.:\[\]]+:\d+)\s`)

// A serverLog looks for the address in what a server prints, and keeps the end of it.
type serverLog struct {
	mu    sync.Mutex
	text  []byte
	found bool
	addr  chan string // has room for one
}

func newServerLog() *serverLog { return &serverLog{addr: make(chan string, 1)} }

func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if match := listening.FindSubmatch(l.text); match != nil && !l.found {
		l.found = true
		l.addr <- string(match[2])
	}
	if extra := len(l.text) - keptLog; extra > 0 {
		l.text = append(l.text[:0], l.text[extra:]...)
	}
	return len(p), nil
}

func (l *serverLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
