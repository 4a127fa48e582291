package queue

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startBroker starts a broker on a free port, with its disk in a folder of the test.
func startBroker(t testing.TB) (url string) {
	return runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir()}).ClientURL()
}

// runBroker starts a broker, which ends with the test or before. It has streams if there is a folder for them.
func runBroker(t testing.TB, o *server.Options) *server.Server {
	o.Host, o.JetStream, o.NoSigs, o.NoLog = "127.0.0.1", o.StoreDir != "", true, true
	broker, err := server.NewServer(o)
	require.NoError(t, err)
	broker.Start()
	require.True(t, broker.ReadyForConnections(time.Minute))
	t.Cleanup(func() { shutdown(broker) })
	return broker
}

func shutdown(broker *server.Server) {
	broker.Shutdown()
	broker.WaitForShutdown()
}

// newClient returns a client whose pool has no room.
func newClient(t testing.TB, url string) *Client {
	c := newClientWith(t, Options{URL: url}, func(_ context.Context, n uint64) (bool, error) {
		t.Errorf("%d is checked here", n)
		return false, nil
	})
	setRoom(c, 0)
	return c
}

// setRoom says how many more checks the pool may make.
func setRoom(c *Client, n int) {
	c.calls.mu.Lock()
	defer c.calls.mu.Unlock()
	c.calls.free = n
}

func newClientWith(t testing.TB, o Options, local Check) *Client {
	c, err := NewClient(context.Background(), o, local, 0)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// start runs workers until stop is called, or the test ends.
func start(t testing.TB, url string, w *Workers) (stop func()) {
	return startWith(t, Options{URL: url}, w)
}

func startWith(t testing.TB, o Options, w *Workers) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, w.Run(ctx, o)) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return stop
}

// ask has a number checked, and returns where the answer will be.
func ask(t *testing.T, c *Client, n uint64) <-chan bool {
	answer := make(chan bool, 1)
	go func() {
		isPrime, err := c.Check(t.Context(), n)
		assert.NoError(t, err)
		answer <- isPrime
	}()
	return answer
}

// large is a number whose check takes long; so are those after it.
const large = 1 << 40

// gate is a check that waits until the test lets it go, or until its context ends. Even
// numbers are prime.
type gate struct {
	entered chan check
	release chan struct{}
}

// check is one that has begun.
type check struct {
	ctx context.Context
	n   uint64
}

func newGate() *gate { return &gate{make(chan check, 1000), make(chan struct{}, 1000)} }

func (g *gate) check(ctx context.Context, n uint64) (bool, error) {
	g.entered <- check{ctx, n}
	select {
	case <-g.release:
		return n%2 == 0, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// raw returns the broker's side of things: for what a client or a worker does not do.
func raw(t *testing.T, url string) (*nats.Conn, jetstream.Stream) {
	conn := mustConnect(t, url)
	_, stream, err := open(t.Context(), conn, 1)
	require.NoError(t, err)
	return conn, stream
}

func mustConnect(t *testing.T, url string) *nats.Conn {
	conn, err := nats.Connect(url)
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return conn
}

// put puts a check into the queue whose answer is to go to that address.
func put(t *testing.T, conn *nats.Conn, number, address string) {
	msg := nats.NewMsg(subject)
	msg.Data = []byte(number)
	msg.Header.Set(answerTo, address)
	_, err := conn.RequestMsg(msg, time.Minute)
	require.NoError(t, err)
}

// waiting returns how many messages are in the stream.
func waiting(t *testing.T, stream jetstream.Stream) uint64 {
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	return info.State.Msgs
}

// logged returns the messages that are logged from now on.
func logged(t testing.TB) <-chan string { return attributes(t, slog.MessageKey) }

// said returns the errors that are logged from now on.
func said(t testing.TB) <-chan string { return attributes(t, "err") }

// attributes returns one attribute of what is logged from now on.
func attributes(t testing.TB, key string) <-chan string {
	values := make(chan string, 1000)
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == key {
				values <- a.Value.String()
			}
			return a
		},
	})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return values
}

// expect waits until something is logged that contains these words.
func expect(messages <-chan string, words string) string {
	for message := range messages {
		if strings.Contains(message, words) {
			return message
		}
	}
	return ""
}

// within sets a setting for one test.
func within[T any](t *testing.T, setting *T, value T) {
	before := *setting
	*setting = value
	t.Cleanup(func() { *setting = before })
}
