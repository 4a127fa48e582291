package server

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// clients are the connections that are open.
type clients struct {
	room     *semaphore.Weighted // acquired before a client is accepted
	warned   time.Time           // when a lack of room was last logged
	handlers sync.WaitGroup
	mu       sync.Mutex
	conns    map[*conn]struct{}
}

// newClients returns room for limit clients, or for any number if limit is not positive.
func newClients(limit int) *clients {
	if limit <= 0 {
		limit = math.MaxInt
	}
	return &clients{room: semaphore.NewWeighted(int64(limit)), conns: make(map[*conn]struct{})}
}

// enter waits until there is room for one more client, or returns ctx's error. A lack of
// room is logged, but not for each client that waits.
func (cs *clients) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil || cs.room.TryAcquire(1) {
		return err
	}
	if time.Since(cs.warned) > time.Minute {
		cs.warned = time.Now()
		slog.Warn("no room: new clients wait until others leave")
	}
	return cs.room.Acquire(ctx, 1)
}

// Go runs handle in a goroutine, and closes c when it returns.
func (cs *clients) Go(c *conn, handle func(*conn)) {
	slog.Debug("connected", "client", c.RemoteAddr())
	cs.mu.Lock()
	cs.conns[c] = struct{}{}
	cs.mu.Unlock()
	cs.handlers.Go(func() {
		defer cs.remove(c)
		handle(c)
	})
}

func (cs *clients) remove(c *conn) {
	c.Close()
	cs.mu.Lock()
	delete(cs.conns, c)
	cs.mu.Unlock()
	cs.room.Release(1)
	slog.Debug("disconnected", "client", c.RemoteAddr())
}

// drain ends the input of every client and waits until all are answered. Those that
// are not after grace are cut off.
func (cs *clients) drain(grace time.Duration) error {
	inputEnd := time.Now().Add(drainPause)
	cs.each(func(c *conn) { c.stopInput(inputEnd) })
	answered := make(chan struct{})
	go func() {
		cs.handlers.Wait()
		close(answered)
	}()
	select {
	case <-answered:
		return nil
	case <-time.After(grace):
		n := cs.each(func(c *conn) { c.Close() })
		if n == 0 {
			return nil
		}
		return fmt.Errorf("%d clients cut off after %v", n, grace)
	}
}

// each calls f for every connection and returns how many there are.
func (cs *clients) each(f func(*conn)) int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.conns {
		f(c)
	}
	return len(cs.conns)
}
