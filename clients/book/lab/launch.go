package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// suit lets it start as an experiment needs it. Flags are those of the experiment's own chapter.
func (s *server) suit(e Experiment) {
	s.cores = e.Cores
	if s.chapter.Number == e.Chapter {
		s.flags, s.queued = e.flags, e.queued
	}
}

func (s *server) launch(dir string) (*chapters.Server, error) {
	program, err := s.chapter.Build(s.ctx, dir)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, append([]string{"-addr", "127.0.0.1:0"}, s.flags...)...)
	if cmd.Env = os.Environ(); s.cores > 0 {
		cmd.Env = append(cmd.Env, fmt.Sprint("GOMAXPROCS=", s.cores))
	}
	return chapters.StartCmd(s.ctx, cmd, keptLog)
}

// keptLog is how many bytes of a server's log are kept.
const keptLog = 4096

// launchQueued is launch for a server that has its long checks made beyond its machine. What it needs for
// that ends with the session.
func (s *server) launchQueued(dir string) (*chapters.Server, error) {
	q, err := s.chapter.StartQueued(s.ctx, dir)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.queue = q
	s.mu.Unlock()
	s.work.Go(func() {
		<-s.ctx.Done()
		q.Kill()
	})
	return q.Server, nil
}

// broker returns the programs of which a server is a part. One that has no broker can't lose it.
func (s *server) broker() *chapters.Queued {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue
}

func killBroker(_ context.Context, s *server, _ Request) error {
	if q := s.broker(); q != nil {
		q.KillBroker()
	}
	return nil
}

func restartBroker(ctx context.Context, s *server, _ Request) error {
	if q := s.broker(); q != nil {
		return q.RestartBroker(ctx)
	}
	return nil
}
