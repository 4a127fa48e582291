//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// TestChaosCluster is TestChaos with a queue that is kept on three brokers, of which the leader is
// killed, frozen and stopped.
func TestChaosCluster(t *testing.T) {
	if os.Getenv("CLUSTER") == "" {
		t.Skip("takes a minute: set CLUSTER=1, and -chaos 1m")
	}
	chaos(t, func(w *world) node { return newCluster(w) })
}

// A cluster is three brokers.
type cluster struct {
	t       testing.TB
	brokers []*process
	urls    string
}

// runBroker is one of them, with the configuration in a file.
func runBroker(config string) {
	options := must(server.ProcessConfigFile(config))
	broker := must(server.NewServer(options))
	broker.ConfigureLogger()
	must(0, server.Run(broker))
	broker.WaitForShutdown()
	os.Exit(0)
}

func newCluster(w *world) *cluster {
	c := &cluster{t: w.t}
	var clients, routes []string
	for range 3 {
		clients = append(clients, freePort(w.t))
		routes = append(routes, freePort(w.t))
	}
	c.urls = "nats://" + strings.Join(clients, ",nats://")
	for i := range clients {
		config := filepath.Join(w.t.TempDir(), "nats.conf")
		require.NoError(w.t, os.WriteFile(config, fmt.Appendf(nil, `
			server_name: n%d
			listen: %s
			jetstream { store_dir: %q }
			cluster { name: checks, listen: %s, routes: [nats://%s] }
		`, i, clients[i], w.t.TempDir(), routes[i], strings.Join(routes, ", nats://")), 0o600))
		c.brokers = append(c.brokers, w.run(&process{name: fmt.Sprint("n", i), args: []string{os.Args[0]},
			env: "TEST_BROKER=" + config, ready: "Server is ready"}))
	}
	c.create()
	return c
}

// create creates the stream, before anybody else does: the first election takes its time.
func (c *cluster) create() {
	conn, err := nats.Connect(c.urls)
	require.NoError(c.t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(c.t, err)
	require.Eventually(c.t, func() bool {
		_, err = js.CreateStream(c.t.Context(), jetstream.StreamConfig{
			Name: "CHECKS", Subjects: []string{"checks.new"}, Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew,
			MaxMsgs: 10_000, MaxAge: 30 * time.Second, Replicas: 3,
		})
		return err == nil
	}, time.Minute, 100*time.Millisecond, "no cluster: %v", err)
}

func (c *cluster) flags() []string { return []string{"-queue", c.urls, "-replicas", "3"} }

func (c *cluster) trouble(random *rand.Rand) { c.leader(random).trouble(random, 6*time.Second) }

// leader returns the broker that leads the stream, or another while there is none.
func (c *cluster) leader(random *rand.Rand) *process {
	if conn, err := nats.Connect(c.urls); err == nil {
		defer conn.Close()
		js := must(jetstream.New(conn))
		stream, err := js.Stream(c.t.Context(), "CHECKS")
		for _, b := range c.brokers {
			if err == nil && b.name == stream.CachedInfo().Cluster.Leader {
				return b
			}
		}
	}
	return c.brokers[random.IntN(len(c.brokers))]
}
