package chapters

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
)

// A Queued is chapter 9 beyond one machine: its server, a broker, and a checker for each
// core, though all of them are on this machine.
type Queued struct {
	*Server
	broker []string // its command

	mu  sync.Mutex
	all []*Server // the broker is the first
}

// StartQueued builds the programs into a folder, where the queue is kept, too, and starts them in
// the order in which they need each other.
func (c Chapter) StartQueued(ctx context.Context, dir string) (*Queued, error) {
	q := &Queued{}
	if err := q.start(ctx, filepath.Join(c.Dir, "beyond"), dir); err != nil {
		q.Stop()
		return nil, err
	}
	return q, nil
}

func (q *Queued) start(ctx context.Context, source, dir string) error {
	store, err := os.MkdirTemp(dir, "queue")
	if err != nil {
		return err
	}
	program, err := Build(ctx, filepath.Join(source, "broker"), dir)
	if err != nil {
		return err
	}
	broker, err := q.add(ctx, program, "-addr", "127.0.0.1:0", "-dir", store)
	if err != nil {
		return err
	}
	q.broker = []string{program, "-addr", broker.Addr, "-dir", store}
	url := "nats://" + broker.Addr
	if program, err = Build(ctx, filepath.Join(source, "checker"), dir); err != nil {
		return err
	}
	for range runtime.NumCPU() {
		if _, err := q.add(ctx, program, "-queue", url, "-workers", "1"); err != nil {
			return err
		}
	}
	if program, err = Build(ctx, source, dir); err != nil {
		return err
	}
	q.Server, err = q.add(ctx, program, "-addr", "127.0.0.1:0", "-queue", url)
	return err
}

func (q *Queued) add(ctx context.Context, program string, args ...string) (*Server, error) {
	s, err := StartCmd(ctx, exec.Command(program, args...), keptLog)
	if err == nil {
		q.all = append(q.all, s)
	}
	return s, err
}

// KillBroker kills the broker, and returns when it is gone.
func (q *Queued) KillBroker() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all[0].kill()
}

// RestartBroker starts the broker that was killed again, at the address and with the folder that it had, unless
// ctx is done.
func (q *Queued) RestartBroker(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	broker, err := StartCmd(ctx, exec.Command(q.broker[0], q.broker[1:]...), keptLog)
	if err == nil {
		q.all[0] = broker
	}
	return err
}

// Stop ends the last first.
func (q *Queued) Stop() { q.end((*Server).Stop) }

// Kill ends them at once, whatever they have begun.
func (q *Queued) Kill() { q.end((*Server).kill) }

func (q *Queued) end(one func(*Server)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := len(q.all) - 1; i >= 0; i-- {
		one(q.all[i])
	}
}

func (s *Server) kill() {
	s.cmd.Process.Kill()
	<-s.done
}
