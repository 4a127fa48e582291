//go:build unix

package main

import (
	"context"
	"os/exec"
	"sync"
	"testing"
	"time"

	broker "github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/beyond/queue"
)

// startBroker starts a broker on a free port, and returns where it is.
func startBroker(t *testing.T) queue.Options {
	b, err := broker.NewServer(&broker.Options{
		Host: "127.0.0.1", Port: broker.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	require.NoError(t, err)
	b.Start()
	require.True(t, b.ReadyForConnections(patience))
	t.Cleanup(func() {
		b.Shutdown()
		b.WaitForShutdown()
	})
	return queue.Options{URL: b.ClientURL()}
}

// startWorkers runs workers until the test ends.
func startWorkers(t *testing.T, where queue.Options, w *queue.Workers) {
	var running sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	running.Go(func() { assert.NoError(t, w.Run(ctx, where)) })
	t.Cleanup(func() { stop(); running.Wait() })
}

// newClient returns the queue's side of a server that must not make a check itself.
func newClient(t *testing.T, where queue.Options, local queue.Check) *queue.Client {
	c, err := queue.NewClient(context.Background(), where, local, 1)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// TestDrain stops the server while one check is made by a worker elsewhere, and four are in
// the queue. All are answered.
func TestDrain(t *testing.T) {
	where, begun, release := startBroker(t), make(chan struct{}, 5), make(chan struct{})
	remote := newClient(t, where, func(ctx context.Context, _ uint64) (bool, error) {
		<-ctx.Done() // the pool never comes to an end
		return false, ctx.Err()
	})
	startWorkers(t, where, &queue.Workers{N: 1, Grace: time.Minute, Check: func(context.Context, uint64) (bool, error) {
		begun <- struct{}{}
		<-release
		return true, nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	addr, done := serve(t, ctx, remote.Check)
	var clients []*client
	for range 5 {
		c := dial(t, addr)
		c.ask(large)
		clients = append(clients, c)
	}
	<-begun
	cancel()
	close(release)
	for _, c := range clients {
		assert.Equal(t, "prime", c.answer())
	}
	assert.NoError(t, <-done)
}

// TestReset proves that a check which a worker elsewhere makes ends with its client.
func TestReset(t *testing.T) {
	where, begun := startBroker(t), make(chan context.Context, 1)
	endless := func(ctx context.Context, _ uint64) (bool, error) {
		begun <- ctx
		<-ctx.Done()
		return false, ctx.Err()
	}
	remote := newClient(t, where, endless)
	startWorkers(t, where, &queue.Workers{N: 1, Check: endless})
	addr, done := serve(t, t.Context(), remote.Check)
	t.Cleanup(func() { assert.NoError(t, <-done) })
	c := dial(t, addr)
	c.ask(large)
	checked := <-begun
	c.reset()
	<-checked.Done()
}

// TestDependencies proves that the server links the client of the broker, and not the broker,
// and that chapter 9 knows nothing of either.
func TestDependencies(t *testing.T) {
	deps := func(of string) string {
		out, err := exec.Command("go", "list", "-deps", of).Output()
		require.NoError(t, err)
		return string(out)
	}
	for _, of := range []string{".", "./checker"} {
		assert.Contains(t, deps(of), "nats.go")
		assert.NotContains(t, deps(of), "nats-server")
	}
	assert.NotContains(t, deps("example.com/concurrent-network-server/chapter09-offload"), "nats")
}
