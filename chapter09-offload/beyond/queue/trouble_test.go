package queue

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStopWithoutWorkers proves that a server which stops answers what is in the queue itself,
// if nobody else does.
func TestStopWithoutWorkers(t *testing.T) {
	messages := logged(t)
	stopping, stop := context.WithCancel(t.Context())
	url := startBroker(t)
	c, err := NewClient(stopping, Options{URL: url}, yes, 1)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	g := newGate()
	start(t, url, &Workers{N: 1, Check: g.check}) // it begins one and never ends it
	expect(messages, there)
	var answers []<-chan bool
	for n := range uint64(4) {
		answers = append(answers, ask(t, c, large+2*n))
	}
	<-g.entered
	stop()
	for _, answer := range answers {
		assert.True(t, <-answer)
	}
}

// TestNoWorkers proves that a check which nobody begins is made here, and that the log says why.
func TestNoWorkers(t *testing.T) {
	errs := said(t)
	c := newClientWith(t, Options{URL: startBroker(t)}, yes)
	assert.True(t, <-ask(t, c, large))
	assert.Equal(t, errNobody.Error(), expect(errs, "begun"))
}

// TestFrozen proves that one check finds out that the broker doesn't answer, that the others
// don't wait for it any more, and that they go to the queue again when it does.
func TestFrozen(t *testing.T) {
	errs := said(t)
	broker := runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir()})
	p := newProxy(t, broker.Addr().String())
	local, remote := newGate(), newGate()
	c := newClientWith(t, Options{URL: p.url}, local.check)
	start(t, broker.ClientURL(), &Workers{N: 1, Check: remote.check})
	require.NotNil(t, c.current())
	p.freeze(true)
	for n := range uint64(2) {
		local.release <- struct{}{}
		assert.True(t, <-ask(t, c, large+2*n))
	}
	for err := range errs { // a check finds out, and not the client library, which needs longer
		if err == errSilent.Error() {
			break
		}
		require.Equal(t, errNobody.Error(), err)
	}
	call := c.begin(t.Context(), large) // it's the pool's at once
	assert.NotNil(t, <-call.turn)
	c.end(call)
	p.freeze(false)
	require.Eventually(t, func() bool { return c.current() != nil }, time.Minute, time.Millisecond)
	setRoom(c, 0) // or the pool is quicker on a busy machine
	answer := ask(t, c, large+8)
	for (<-remote.entered).n != large+8 { // or what was in the queue before
		remote.release <- struct{}{}
	}
	remote.release <- struct{}{}
	assert.True(t, <-answer)
}

// TestRestart proves that checks which are in the queue when the broker restarts are made by
// the workers after that.
func TestRestart(t *testing.T) {
	messages := logged(t)
	probe := runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir()})
	for _, keeps := range []bool{true, false} {
		options := &server.Options{Port: probe.Addr().(*net.TCPAddr).Port, StoreDir: t.TempDir()}
		shutdown(probe)
		broker := runBroker(t, options)
		c := newClient(t, probe.ClientURL())
		var answers []<-chan bool
		for n := range uint64(40) {
			answers = append(answers, ask(t, c, large+2*n))
		}
		_, stream := raw(t, probe.ClientURL())
		require.Eventually(t, func() bool { return waiting(t, stream) == 40 }, time.Minute, time.Millisecond)
		shutdown(broker)
		expect(messages, here)
		if !keeps {
			options.StoreDir = t.TempDir()
		}
		broker = runBroker(t, options)
		expect(messages, there)
		stop := start(t, probe.ClientURL(), &Workers{N: 4, Check: yes})
		for _, answer := range answers {
			assert.True(t, <-answer)
		}
		stop()
		c.Close()
		probe = broker
	}
}

// TestAcceptsAndCloses proves that a broker which hangs up at once, or only resets, is away.
func TestAcceptsAndCloses(t *testing.T) {
	for _, linger := range []int{-1, 0} {
		url, _ := stranger(t, func(conn net.Conn) {
			conn.(*net.TCPConn).SetLinger(linger)
			conn.Close()
		})
		c := newClientWith(t, Options{URL: url}, yes)
		assert.True(t, <-ask(t, c, large))
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, stop)
		assert.NoError(t, (&Workers{N: 1}).Run(ctx, Options{URL: url}))
	}
}

// TestDescriptors proves that a broker which accepts connections and then refuses them, or says
// nothing, costs one descriptor at a time, and that the log says what it says.
func TestDescriptors(t *testing.T) {
	errs := said(t)
	var first sync.Once
	url, accepted := stranger(t, func(conn net.Conn) {
		away := false
		first.Do(func() { away = true; conn.Close() })
		if !away {
			refuse(conn)
		}
	})
	newClientWith(t, Options{URL: url}, yes)
	var before net.Conn
	for range 5 {
		conn := <-accepted
		if before != nil {
			before.SetReadDeadline(time.Now().Add(time.Minute))
			_, err := io.Copy(io.Discard, before)
			assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection before is still open")
		}
		before = conn
	}
	expect(errs, "Authorization Violation")
}

// TestFrozenAtStart proves that a broker which accepts and says nothing doesn't keep a server
// from serving, nor a worker from ending.
func TestFrozenAtStart(t *testing.T) {
	within(t, &atOnce, time.Millisecond)
	url, accepted := stranger(t, func(net.Conn) {})
	c := newClientWith(t, Options{URL: url + "," + url}, yes)
	c.mu.Lock()
	assert.False(t, c.said, "it has waited until the attempt failed")
	c.mu.Unlock()
	assert.True(t, <-ask(t, c, large))
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-accepted; stop() }()
	assert.NoError(t, (&Workers{N: 1}).Run(ctx, Options{URL: url}))
}

// TestOneChain proves that a server which has lost the broker often asks for the stream no more
// often than one which has lost it once. A busy machine makes it ask less.
func TestOneChain(t *testing.T) {
	broker := runBroker(t, &server.Options{Port: server.RANDOM_PORT})
	conn := mustConnect(t, broker.ClientURL())
	asked := make(chan struct{}, 1000)
	_, err := conn.Subscribe("$JS.API.STREAM.INFO.CHECKS", func(m *nats.Msg) {
		m.Respond([]byte(`{"error":{"code":503,"err_code":10008,"description":"not now"}}`))
		asked <- struct{}{}
	})
	require.NoError(t, err)
	require.NoError(t, conn.Flush())
	p := newProxy(t, broker.Addr().String())
	newClientWith(t, Options{URL: p.url}, yes)
	for range 5 {
		<-asked
		p.cut()
	}
	<-asked
	time.Sleep(3 * pause)
	assert.LessOrEqual(t, len(asked), 5)
}

// TestAnswerTo proves that a worker answers nowhere but where clients listen, and that what it
// says of a message that is no check is short.
func TestAnswerTo(t *testing.T) {
	errs := said(t)
	url := startBroker(t)
	conn, stream := raw(t, url)
	for _, address := range []string{"", "$JS.API.STREAM.DELETE.CHECKS", "checks.new", answers + ">", answers + "a b"} {
		put(t, conn, "1099511627776", address)
	}
	_, err := conn.Request(subject, []byte(strings.Repeat("9", 900_000)), time.Minute)
	require.NoError(t, err)
	start(t, url, &Workers{N: 1, Check: func(context.Context, uint64) (bool, error) {
		t.Error("it is checked")
		return false, nil
	}, Grace: time.Minute})
	assert.Eventually(t, func() bool { return waiting(t, stream) == 0 }, time.Minute, time.Millisecond)
	assert.LessOrEqual(t, len(expect(errs, "parsing")), short)
}

// TestForgedStop proves that a check goes on if its client wants the answer, whatever others say.
func TestForgedStop(t *testing.T) {
	url := startBroker(t)
	conn, _ := raw(t, url)
	asked := make(chan *nats.Msg, 100)
	_, err := conn.ChanSubscribe(answers+">", asked)
	require.NoError(t, err)
	require.NoError(t, conn.Flush())
	g, c := newGate(), newClient(t, url)
	answer := ask(t, c, large)
	start(t, url, &Workers{N: 1, Check: g.check})
	begun := <-g.entered
	address := (<-asked).Subject
	require.NoError(t, conn.Publish(stops+address, nil))
	<-asked // it asks once more
	<-asked
	assert.NoError(t, begun.ctx.Err())
	g.release <- struct{}{}
	assert.True(t, <-answer)
}

// TestPoison proves that a check which kills its workers kills two of them, and neither a third
// nor the server, and that it is kept for somebody to look at.
func TestPoison(t *testing.T) {
	messages := logged(t)
	url := startBroker(t)
	c := newClient(t, url)
	expect(messages, there)
	answer := make(chan error, 1)
	go func() {
		_, err := c.Check(t.Context(), large)
		answer <- err
	}()
	for n := range 2 {
		mortal := exec.Command(os.Args[0])
		mortal.Env = append(os.Environ(), "TEST_MORTAL_WORKER="+url)
		out, err := mortal.CombinedOutput()
		assert.Error(t, err)
		assert.Contains(t, string(out), "poison", n)
	}
	start(t, url, &Workers{N: 1, Check: func(context.Context, uint64) (bool, error) {
		t.Error("a third worker has begun it")
		return false, nil
	}})
	assert.ErrorIs(t, <-answer, errAside)
	expect(messages, "a check is put aside")
	c.errands.Wait()
	_, stream := raw(t, url)
	js, err := jetstream.New(mustConnect(t, url))
	require.NoError(t, err)
	aside, err := js.Stream(t.Context(), asideConfig.Name)
	require.NoError(t, err)
	msg, err := aside.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, "1099511627776", string(msg.Data))
	assert.Len(t, msg.Header[from], 2)
	assert.NotEmpty(t, msg.Header.Get("Time"))
	assert.Eventually(t, func() bool { return waiting(t, stream) == 0 }, time.Minute, time.Millisecond)
}

// TestGoodput offers more than workers can do, twice as much too, after a burst that fills the
// queue. What they begin they also finish: nobody works for a client that has given up.
func TestGoodput(t *testing.T) {
	within(t, &streamConfig.MaxAge, 2*time.Second)
	logged(t)
	for _, offered := range []int{110, 200} { // percent
		t.Run(fmt.Sprint(offered), func(t *testing.T) {
			t.Parallel()
			url := startBroker(t)
			var begun, finished atomic.Int64
			const workers, work = 4, 200 * time.Millisecond
			start(t, url, &Workers{N: workers, Grace: time.Minute, Check: func(ctx context.Context, _ uint64) (bool, error) {
				begun.Add(1)
				select {
				case <-time.After(work):
					finished.Add(1)
					return true, nil
				case <-ctx.Done():
					return false, ctx.Err()
				}
			}})
			c := newClient(t, url)
			ctx, leave := context.WithCancel(t.Context())
			var all sync.WaitGroup
			defer all.Wait()
			defer leave()
			var answered atomic.Int64
			next := uint64(large)
			check := func() {
				next++
				n := next
				all.Go(func() {
					if _, err := c.Check(ctx, n); err == nil {
						answered.Add(1)
					}
				})
			}
			for range 4 * workers * int(time.Second/work) { // twice what can be begun in time
				check()
			}
			tick := time.NewTicker(work * 100 / time.Duration(workers*offered))
			defer tick.Stop()
			for end := time.Now().Add(8 * time.Second); time.Now().Before(end); <-tick.C {
				check()
			}
			f, b, a := finished.Load(), begun.Load()-workers, answered.Load()
			t.Logf("begun %d, finished %d, answered %d", b, f, a)
			assert.GreaterOrEqual(t, 10*f, 9*b, "what is begun is not finished")
			assert.GreaterOrEqual(t, 10*a, 9*(f-workers), "what is finished has no client")
			assert.Greater(t, a, int64(workers))
		})
	}
}

// TestProbe proves that a probe finds out whether the stream takes a message, each time.
func TestProbe(t *testing.T) {
	url := startBroker(t)
	_, stream := raw(t, url)
	c := newClient(t, url)
	for range 3 {
		require.NoError(t, c.probe(c.current()))
	}
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 4, info.State.LastSeq)
	assert.Zero(t, info.State.Msgs)
}
