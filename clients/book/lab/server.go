package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/recording"
)

// maxClients is how many connections a session makes to a server.
const maxClients = 200

// A server is one that the lab has started, and its clients.
type server struct {
	index   int
	chapter chapters.Chapter
	traced  bool
	cores   int      // that it may use; 0 is all
	flags   []string // that it is started with
	queued  bool     // it has its long checks made beyond its machine
	history *history
	ctx     context.Context // the session's
	work    *sync.WaitGroup // what has to end with the session

	mu      sync.Mutex
	process *chapters.Server // nil before it has started; afterwards it stays the same
	queue   *chapters.Queued // of which it is a part, or nil
	tap     *recording.Tap   // of the trace that goes on
	count   int              // of the clients that there have been
	clients map[int]*client
	stream  *stream // nil when there is none
	seen    string  // of the server's log
}

func (s *server) add(e Event) {
	e.Server = s.index
	s.history.add(e)
}

// problem tells what could not be done.
func (s *server) problem(err error) {
	if err != nil && s.ctx.Err() == nil {
		s.add(Event{Kind: Problem, Text: err.Error()})
	}
}

// start builds the chapter's server into a new folder and starts it.
func (s *server) start(dir string) error {
	if why := s.chapter.Unavailable(); why != "" {
		return errors.New(why)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	launch := s.launch
	switch {
	case s.traced:
		launch = s.launchTraced
	case s.queued:
		launch = s.launchQueued
	}
	process, err := launch(dir)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.process = process
	s.mu.Unlock()
	s.add(Event{Kind: Started, Text: process.Addr})
	s.work.Go(s.awaitEnd)
	return nil
}

// awaitEnd tells of the server's end, and sees to it that it ends with the session.
func (s *server) awaitEnd() {
	select {
	case <-s.process.Ended():
	case <-s.ctx.Done():
		s.end()
	}
	s.closeTap()
	s.readLog()
	s.add(Event{Kind: Ended, Text: s.process.State()})
}

// endTime is for a server to end by itself. Nobody waits for what it still owes to the lab's clients.
const endTime = 300 * time.Millisecond

// end ends the server's process.
func (s *server) end() {
	s.process.Signal(os.Interrupt)
	select {
	case <-s.process.Ended():
	case <-time.After(endTime):
		s.process.Signal(os.Kill)
	}
	s.process.Stop()
}

// running reports why nothing can be asked of the server, if it does not run.
func (s *server) running() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return errors.New("the server does not run")
	}
	select {
	case <-s.process.Ended():
		return errors.New("the server has ended: start it again")
	default:
		return nil
	}
}

// readLog tells of the lines that the server has logged since the last time.
func (s *server) readLog() {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.process.Log()
	text = text[:strings.LastIndexByte(text, '\n')+1] // the rest of the last line is on its way
	fresh, ok := strings.CutPrefix(text, s.seen)
	if !ok { // only the end of the log is kept
		_, fresh, ok = strings.Cut(text, lastLine(s.seen))
	}
	if !ok {
		fresh = text
	}
	for line := range strings.Lines(fresh) {
		s.add(Event{Kind: Logged, Text: strings.TrimSpace(line)})
	}
	s.seen = text
}

func lastLine(text string) string {
	return text[strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n')+1:]
}

// newClient gives a client its number and tells of it.
func (s *server) newClient(name string) (*client, error) {
	if err := s.running(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == maxClients {
		return nil, fmt.Errorf("a session has %d clients and no more: start anew", maxClients)
	}
	s.count++
	c := &client{number: s.count, server: s}
	c.note(Opened, 0, cmp.Or(name, fmt.Sprint("client ", c.number)))
	return c, nil
}

// enter makes a client one that can be spoken through.
func (s *server) enter(c *client) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		c.Close()
		return context.Cause(s.ctx)
	}
	s.clients[c.number] = c
	return nil
}

// find returns a client by its number.
func (s *server) find(number int) (*client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.clients[number]
	if c == nil {
		return nil, fmt.Errorf("there is no client %d", number)
	}
	return c, nil
}

// wait waits, unless the session ends before.
func (s *server) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}
