package queue

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is a worker that never finishes, or one that dies of its check, if the environment
// asks for one.
func TestMain(m *testing.M) {
	atOnce = time.Minute // a busy machine may need longer to find out what is wrong
	if url := os.Getenv("TEST_ENDLESS_WORKER"); url != "" {
		w := Workers{N: 1, Check: func(context.Context, uint64) (bool, error) {
			fmt.Println("begun")
			select {}
		}}
		fmt.Println(w.Run(context.Background(), Options{URL: url}))
		os.Exit(1)
	}
	if url := os.Getenv("TEST_MORTAL_WORKER"); url != "" {
		w := Workers{N: 1, Check: func(context.Context, uint64) (bool, error) { panic("poison") }}
		fmt.Println(w.Run(context.Background(), Options{URL: url}))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestKill kills a worker's process in mid-check. Another worker makes the check.
func TestKill(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	endless := exec.Command(os.Args[0])
	endless.Env = append(os.Environ(), "TEST_ENDLESS_WORKER="+url)
	endless.Stderr = os.Stderr
	output, err := endless.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, endless.Start())
	t.Cleanup(func() { endless.Process.Kill() })

	answer := ask(t, newClient(t, url), large)
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "begun\n", line)
	require.NoError(t, endless.Process.Kill())
	endless.Wait()

	g := newGate()
	g.release <- struct{}{}
	start(t, url, &Workers{N: 1, Check: g.check})
	assert.True(t, <-answer)
}

// TestLease proves that a check which takes longer than the lease is not given to another
// worker. At each renewal of the lease, the client is asked whether it still waits.
func TestLease(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	c := newClient(t, url)
	asked := make(chan *nats.Msg, 100)
	conn := mustConnect(t, url)
	_, err := conn.ChanSubscribe(answers+">", asked)
	require.NoError(t, err)
	require.NoError(t, conn.Flush())
	g := newGate()
	start(t, url, &Workers{N: 2, Check: g.check})
	answer := ask(t, c, large)
	for range 6 { // before the check, and five times after a quarter of the lease
		<-asked
	}
	assert.Len(t, g.entered, 1)
	g.release <- struct{}{}
	assert.True(t, <-answer)
}

// TestStop proves that a worker which is stopped finishes what it has begun, and begins
// nothing more.
func TestStop(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	g, c := newGate(), newClient(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		w := Workers{N: 1, Check: g.check, Grace: time.Minute}
		ended <- w.Run(ctx, Options{URL: url})
	}()
	first := ask(t, c, large)
	<-g.entered
	second := ask(t, c, large+2)
	cancel()
	g.release <- struct{}{}
	assert.True(t, <-first)
	assert.NoError(t, <-ended)
	assert.Empty(t, g.entered)
	start(t, url, &Workers{N: 1, Check: g.check})
	g.release <- struct{}{}
	assert.True(t, <-second)
}

// TestGiveBack proves that a worker which may not finish gives its check to another at once,
// and not when the lease has run out.
func TestGiveBack(t *testing.T) {
	within(t, &consumerConfig.AckWait, time.Hour)
	url := startBroker(t)
	g, c := newGate(), newClient(t, url)
	stop := start(t, url, &Workers{N: 1, Check: g.check})
	answer := ask(t, c, large)
	<-g.entered
	stop()
	start(t, url, &Workers{N: 1, Check: g.check})
	<-g.entered
	g.release <- struct{}{}
	assert.True(t, <-answer)
}

// TestClientLeaves proves that a check for a client that has gone is taken out of the
// queue, or ended if it has begun, and not when the lease is renewed.
func TestClientLeaves(t *testing.T) {
	within(t, &consumerConfig.AckWait, time.Hour)
	url := startBroker(t)
	_, stream := raw(t, url)
	c := newClient(t, url)
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := c.Check(gone, large) // it is published, and taken back
	assert.ErrorIs(t, err, context.Canceled)
	c.errands.Wait()
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, info.State.LastSeq) // the first was the probe
	assert.Zero(t, info.State.Msgs)

	g := newGate()
	start(t, url, &Workers{N: 1, Check: g.check})
	gone, leave = context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := c.Check(gone, large)
		ended <- err
	}()
	check := <-g.entered
	leave()
	select {
	case <-check.ctx.Done():
	case <-time.After(20 * time.Second): // BenchmarkLeave says how long it takes
		t.Error("the check goes on")
	}
	assert.ErrorIs(t, <-ended, context.Canceled)
}

// TestSilentServer proves that a server which is there and says nothing, because its machine has
// lost its power, costs a check nothing but the one worker's time: nobody else gets it.
func TestSilentServer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	url := startBroker(t)
	conn, _ := raw(t, url)
	asked := make(chan *nats.Msg, 100)
	_, err := conn.ChanSubscribe(answers+"silent", asked)
	require.NoError(t, err)
	g := newGate()
	start(t, url, &Workers{N: 2, Check: g.check})
	put(t, conn, "1099511627790", answers+"silent")
	<-g.entered
	for range 6 { // the worker asks after each renewal of its lease
		<-asked
	}
	assert.Empty(t, g.entered, "a second worker makes the check, while the first is at it")
	g.release <- struct{}{}
}

// TestServerDies proves that nothing is computed for a server that is not there any more:
// not what waits, and not for long what has begun.
func TestServerDies(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	conn, _ := raw(t, url)
	g := newGate()
	dead := newClient(t, url)
	start(t, url, &Workers{N: 1, Check: g.check})
	go dead.Check(t.Context(), large)
	begun := <-g.entered
	put(t, conn, "1099511627790", dead.prefix+"77") // what it would publish next
	dead.die()
	<-begun.ctx.Done()

	answer := ask(t, newClient(t, url), large+2)
	assert.EqualValues(t, large+2, (<-g.entered).n)
	g.release <- struct{}{}
	assert.True(t, <-answer)
}

// TestAway proves that checks are made here while the broker is away: not there when the
// server starts, killed in mid-check, and started again with its disk.
func TestAway(t *testing.T) {
	probe := runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir()})
	options := &server.Options{Port: probe.Addr().(*net.TCPAddr).Port, StoreDir: t.TempDir()}
	url := probe.ClientURL()
	shutdown(probe)
	messages := logged(t)
	expect := func(want string) {
		for message := range messages {
			if message == want {
				return
			}
			assert.NotContains(t, []string{here, there}, message, "said twice")
		}
	}

	local, remote := newGate(), newGate()
	c := newClientWith(t, Options{URL: url}, local.check)
	expect(here)
	for range 3 {
		local.release <- struct{}{}
		assert.True(t, <-ask(t, c, large))
	}
	assert.Len(t, local.entered, 3)

	broker := runBroker(t, options)
	expect(there)
	start(t, url, &Workers{N: 1, Check: remote.check})
	for range 2 {
		setRoom(c, 0) // or the pool is quicker on a busy machine
		first, waits := ask(t, c, large), ask(t, c, large+2)
		<-remote.entered
		setRoom(c, 2)
		shutdown(broker)
		expect(here)
		local.release <- struct{}{}
		local.release <- struct{}{}
		assert.True(t, <-first)
		assert.True(t, <-waits)
		broker = runBroker(t, options)
		expect(there)
	}
	setRoom(c, 0)
	answer := ask(t, c, large+4)
	for check := range remote.entered {
		if check.n == large+4 {
			break
		}
	}
	remote.release <- struct{}{}
	assert.True(t, <-answer)
	assert.Empty(t, pick(messages, here))
}

const (
	here  = "long checks are made here"
	there = "long checks go to the queue"
)

// TestStopAway proves that an idle worker which is stopped while the broker is away has nothing
// to wait for.
func TestStopAway(t *testing.T) {
	messages := logged(t)
	broker := runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir()})
	stop := start(t, broker.ClientURL(), &Workers{N: 1, Check: yes, Grace: time.Hour})
	assert.True(t, <-ask(t, newClient(t, broker.ClientURL()), large))
	expect(messages, "taking checks")
	shutdown(broker)
	expect(messages, "the broker is away")
	stop()
}
