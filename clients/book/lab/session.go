package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// A session is one or two servers, from their start until they are stopped.
type session struct {
	number  int
	history *history
	servers []*server
	dir     string // for the programs
	ctx     context.Context
	cancel  context.CancelCauseFunc
	work    sync.WaitGroup

	mu     sync.Mutex // also held to end the session, so that no work begins after that
	sample Sample
	at     time.Time // of the last request
}

// newSession makes a session for servers of these chapters.
func newSession(number int, list []chapters.Chapter, traced bool) *session {
	s := &session{number: number, history: newHistory(), at: time.Now()}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	for i, chapter := range list {
		s.servers = append(s.servers, &server{index: i, chapter: chapter, history: s.history, ctx: s.ctx, work: &s.work,
			traced: traced, clients: map[int]*client{}})
	}
	return s
}

// start builds and starts the servers, and returns when they listen. What goes wrong is told as an
// event.
func (s *session) start() {
	var err error
	if s.dir, err = os.MkdirTemp("", fmt.Sprintf("%s%d-", folder, os.Getpid())); err != nil {
		s.servers[0].problem(err)
		return
	}
	var all sync.WaitGroup
	for _, server := range s.servers {
		all.Go(func() { server.problem(server.start(filepath.Join(s.dir, fmt.Sprint(server.index)))) })
	}
	all.Wait()
	s.work.Go(s.takeSamples)
}

// takeSamples takes samples until the session ends.
func (s *session) takeSamples() {
	samplers := make([]sampler, len(s.servers))
	tick := time.NewTicker(sampling)
	defer tick.Stop()
	for s.ctx.Err() == nil {
		sample := Sample{At: time.Since(s.history.begin).Microseconds()}
		for i, server := range s.servers {
			sample.Servers = append(sample.Servers, server.sample(&samplers[i]))
		}
		s.mu.Lock()
		s.sample = sample
		s.mu.Unlock()
		select {
		case <-tick.C:
		case <-s.ctx.Done():
		}
	}
}

func (s *session) lastSample() Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sample
}

// do lets each server have what the request asks for, or that of the client that it names.
// The page learns from the events how it went.
func (s *session) do(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return
	}
	s.at = time.Now()
	for i, server := range s.servers {
		if spoken[r.Do] == nil || i == r.Server {
			s.work.Go(func() { server.problem(server.act(r)) })
		}
	}
}

// act does to a server, or to one of its clients, what the request asks for.
func (s *server) act(r Request) error {
	if err := s.running(); err != nil {
		return err
	}
	if speak := spoken[r.Do]; speak != nil {
		c, err := s.find(r.Client)
		if err != nil {
			return err
		}
		return speak(c, r)
	}
	return action(r.Do)(s.ctx, s, r)
}

// quiet returns how long nobody has asked for anything.
func (s *session) quiet() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.at)
}

var errEnded = errors.New("the lab has been closed")

// end stops the servers and waits until nothing is left of the session.
func (s *session) end(why error) {
	s.mu.Lock()
	s.cancel(why)
	s.mu.Unlock()
	s.work.Wait()
	os.RemoveAll(s.dir)
}
