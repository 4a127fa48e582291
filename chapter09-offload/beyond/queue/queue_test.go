package queue

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnswers proves that each of many clients gets the answer to its own number.
func TestAnswers(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	odd := func(_ context.Context, n uint64) (bool, error) { return n%2 == 1, nil }
	for range 3 {
		start(t, url, &Workers{N: 2, Check: odd})
	}
	c := newClient(t, url)
	var calls sync.WaitGroup
	numbers := []uint64{math.MaxUint64, 1<<63 + 1} // the largest use all 64 bits
	for n := uint64(large); n < large+100; n++ {
		numbers = append(numbers, n)
	}
	for _, n := range numbers {
		calls.Go(func() {
			isPrime, err := c.Check(t.Context(), n)
			assert.NoError(t, err)
			assert.Equal(t, n%2 == 1, isPrime)
		})
	}
	calls.Wait()
}

// TestBusy proves that a worker takes no message while it is busy, to let it wait: another
// makes all other checks meanwhile.
func TestBusy(t *testing.T) {
	within(t, &consumerConfig.AckWait, time.Hour) // or a lease would end, and hide it
	url := startBroker(t)
	busy, free := newGate(), newGate()
	start(t, url, &Workers{N: 1, Check: busy.check})
	start(t, url, &Workers{N: 1, Check: free.check})
	c := newClient(t, url)
	first := ask(t, c, large)
	select {
	case <-busy.entered:
	case <-free.entered:
		busy, free = free, busy
	}
	var others []<-chan bool
	for n := range uint64(10) {
		others = append(others, ask(t, c, large+2*n))
		free.release <- struct{}{}
	}
	for _, answer := range others {
		assert.True(t, <-answer)
	}
	assert.Empty(t, busy.entered)
	busy.release <- struct{}{}
	assert.True(t, <-first)
}

// TestShare proves that three workers share thirty checks: in each round each makes one.
func TestShare(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	gates := []*gate{newGate(), newGate(), newGate()}
	for _, g := range gates {
		start(t, url, &Workers{N: 1, Check: g.check})
	}
	c := newClient(t, url)
	var answers []<-chan bool
	for n := range uint64(30) {
		answers = append(answers, ask(t, c, large+2*n))
	}
	for range 10 {
		for _, g := range gates {
			<-g.entered
			assert.Empty(t, g.entered)
		}
		for _, g := range gates {
			g.release <- struct{}{}
		}
	}
	for _, answer := range answers {
		assert.True(t, <-answer)
	}
}

// TestForeignAnswers proves that nothing is taken for an answer but the first to the number.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	url := startBroker(t)
	conn, stream := raw(t, url)
	consumer, err := stream.CreateConsumer(t.Context(), consumerConfig)
	require.NoError(t, err)
	c := newClient(t, url)
	first := ask(t, c, large)
	msg, err := consumer.Next(jetstream.FetchMaxWait(time.Minute))
	require.NoError(t, err)
	inbox := msg.Headers().Get(answerTo)
	for _, answer := range []string{"", "true", "prime", "1099511627777 true", "1099511627776", "1099511627776 false", "1099511627776 true"} {
		require.NoError(t, conn.Publish(inbox, []byte(answer)))
	}
	assert.False(t, <-first)

	second := ask(t, c, large)
	msg, err = consumer.Next(jetstream.FetchMaxWait(time.Minute))
	require.NoError(t, err)
	require.NoError(t, conn.Publish(inbox, []byte("1099511627776 true"))) // late
	require.NoError(t, conn.Publish(msg.Headers().Get(answerTo), []byte("1099511627776 false")))
	assert.False(t, <-second)
}

// TestNoNumber proves that a message which is no check is thrown away, and logged once.
func TestNoNumber(t *testing.T) {
	messages := logged(t)
	url := startBroker(t)
	conn, stream := raw(t, url)
	for _, data := range []string{"", "seven", "-7", "7.0", "18446744073709551616"} {
		require.NoError(t, conn.Publish(subject, []byte(data)))
	}
	require.NoError(t, conn.Publish(subject, []byte("7"))) // nobody waits for that
	require.NoError(t, conn.Flush())                       // they are ahead of what the client sends
	g := newGate()
	stop := start(t, url, &Workers{N: 1, Check: g.check, Grace: time.Minute})
	answer := ask(t, newClient(t, url), large)
	assert.EqualValues(t, large, (<-g.entered).n)
	g.release <- struct{}{}
	assert.True(t, <-answer)
	stop()
	// The broker takes its time to see what has been acknowledged.
	assert.Eventually(t, func() bool { return waiting(t, stream) == 0 }, time.Minute, time.Millisecond)
	assert.Len(t, pick(messages, "a message is no check"), 6)
}

// pick returns what has been logged with this message.
func pick(messages <-chan string, message string) (picked []string) {
	for {
		select {
		case m := <-messages:
			if m == message {
				picked = append(picked, m)
			}
		default:
			return picked
		}
	}
}

// TestFull proves that what does not fit into the queue is checked here.
func TestFull(t *testing.T) {
	within(t, &streamConfig.MaxMsgs, 1)
	messages := logged(t)
	url := startBroker(t)
	conn, stream := raw(t, url)
	_, err := conn.Request(subject, []byte("7"), time.Minute)
	require.NoError(t, err)
	c := newClientWith(t, Options{URL: url}, yes)
	for range 3 {
		isPrime, err := c.Check(t.Context(), large)
		assert.NoError(t, err)
		assert.True(t, isPrime)
	}
	assert.EqualValues(t, 1, waiting(t, stream))
	assert.Len(t, pick(messages, "a long check is made here"), 1)
}

// TestSettings proves that a stream which somebody has created for something else is an
// error.
func TestSettings(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*jetstream.StreamConfig){
		"retention Limits":    func(c *jetstream.StreamConfig) { c.Retention = jetstream.LimitsPolicy },
		"discard DiscardOld":  func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld },
		"max-msgs -1":         func(c *jetstream.StreamConfig) { c.MaxMsgs = -1 },
		"max-age 1h0m0s":      func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour },
		"subjects [checks.*]": func(c *jetstream.StreamConfig) { c.Subjects = []string{"checks.*"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := startBroker(t)
			config := streamConfig
			change(&config)
			js, err := jetstream.New(mustConnect(t, url))
			require.NoError(t, err)
			_, err = js.CreateStream(t.Context(), config)
			require.NoError(t, err)

			refused(t, Options{URL: url}, name)
		})
	}
}
