//go:build unix

package main

import (
	"context"
	"net"
	"os/exec"
	"sync"
	"testing"
	"time"

	broker "github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/queue"
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

// TestDrainRemoteQueue stops the server while one check is made by a worker elsewhere, and
// four are in the queue. All are answered.
func TestDrainRemoteQueue(t *testing.T) {
	where, gate := startBroker(t), newGate()
	remote, err := queue.NewClient(where, func(context.Context, uint64) (bool, error) {
		t.Error("checked here")
		return false, nil
	})
	require.NoError(t, err)
	t.Cleanup(remote.Close)
	var workers sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	workers.Go(func() {
		w := queue.Workers{N: 1, Check: gate.check, Grace: time.Minute}
		assert.NoError(t, w.Run(ctx, where))
	})
	t.Cleanup(func() { stop(); workers.Wait() })

	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serving, cancel := context.WithCancel(t.Context())
	done := run(serving, newServer(remote.Check), ln)
	var clients []*client
	for range 5 {
		c := greeted(t, ln.Addr().String())
		c.send(large)
		clients = append(clients, c)
	}
	<-gate.entered
	cancel()
	gate.open()
	for _, c := range clients {
		c.expect("prime\n")
	}
	assert.NoError(t, <-done)
}

// TestResetRemote proves that a check which a worker elsewhere makes ends with its client.
func TestResetRemote(t *testing.T) {
	where := startBroker(t)
	begun, _, check := waiting()
	remote, err := queue.NewClient(where, check)
	require.NoError(t, err)
	t.Cleanup(remote.Close)
	var workers sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	workers.Go(func() {
		w := queue.Workers{N: 1, Check: check}
		assert.NoError(t, w.Run(ctx, where))
	})
	t.Cleanup(func() { stop(); workers.Wait() })
	c := greeted(t, startServerWith(t, remote.Check))
	c.send(large)
	checked := <-begun
	c.reset()
	<-checked.Done()
}

// TestDependencies proves that the server links the client of the broker, and not the broker,
// and that nothing but main and the checker knows of the queue.
func TestDependencies(t *testing.T) {
	deps := func(of string) string {
		out, err := exec.Command("go", "list", "-deps", of).Output()
		require.NoError(t, err)
		return string(out)
	}
	assert.NotContains(t, deps("."), "nats-server")
	assert.NotContains(t, deps("./checker"), "nats-server")
	for _, of := range []string{"./server", "./worker", "./prime", "./handler"} {
		assert.NotContains(t, deps(of), "nats")
	}
}
