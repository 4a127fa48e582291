package queue

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// A Check reports whether n is prime, or returns ctx's error if ctx is done.
type Check = func(ctx context.Context, n uint64) (bool, error)

// A Client has numbers checked by whoever takes them out of the queue, and by the pool of its
// own server when nobody does.
type Client struct {
	options Options
	local   Check
	calls   calls
	prefix  string // of the addresses of its calls
	reasons reasons

	alive   context.Context
	die     context.CancelFunc
	running sync.WaitGroup
	errands sync.WaitGroup // messages that are put into the queue or taken out
	poke    chan struct{}  // the broker is there

	mu    sync.Mutex
	queue *queue // where checks go, or nil if they are made here
	said  bool   // that they are made here
}

// A queue is the way into the stream, for as long as it is good.
type queue struct {
	conn   *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
}

// NewClient connects to the broker. While that is away, or there but no help, checks are made
// with local, as many at a time as there are workers; 0 is no limit. When stopping is done,
// local makes what is in the queue too, and the first answer counts. A broker that refuses, or
// whose stream is not as it must be, is an error, if it says so at once.
func NewClient(stopping context.Context, o Options, local Check, workers int) (*Client, error) {
	if workers == 0 {
		workers = math.MaxInt
	}
	c := &Client{options: o, local: local, prefix: answers + nuid.Next() + ".", poke: make(chan struct{}, 1)}
	c.calls.open, c.calls.free = map[string]*call{}, workers
	c.alive, c.die = context.WithCancel(context.WithoutCancel(stopping))
	first := make(chan error, 1)
	c.running.Go(func() { c.run(first) })
	c.running.Go(func() { c.watch(stopping) })
	select {
	case err := <-first:
		if err != nil {
			c.Close()
			return nil, err
		}
	case <-time.After(atOnce):
	}
	return c, nil
}

// atOnce is how long a server waits for the broker before it serves clients.
var atOnce = time.Second

// Close disconnects. There must be no call of Check after it.
func (c *Client) Close() {
	c.errands.Wait()
	c.die()
	c.running.Wait()
}

// watch lets the pool make the checks that nobody is at.
func (c *Client) watch(stopping context.Context) {
	tick := time.NewTicker(soon / 10)
	defer tick.Stop()
	for {
		select {
		case <-c.alive.Done():
			return
		case <-stopping.Done():
			c.calls.stop()
			stopping = context.WithoutCancel(stopping)
		case <-tick.C:
		}
		c.calls.assign()
	}
}

// Check returns the first answer, from a worker or the pool.
func (c *Client) Check(ctx context.Context, n uint64) (bool, error) {
	call := c.begin(ctx, n)
	defer c.end(call)
	select {
	case isPrime := <-call.answer:
		return isPrime, nil
	case <-ctx.Done():
		return false, ctx.Err()
	case why := <-call.turn:
		if why == errAside {
			c.putAside(call)
			return false, why
		}
		return c.here(call, why)
	}
}

// begin puts a check into the queue if there is one.
func (c *Client) begin(ctx context.Context, n uint64) *call {
	q := c.current()
	if q == nil {
		call := c.calls.add(ctx, c.prefix, n, 0)
		c.calls.assign()
		return call
	}
	call := c.calls.add(ctx, c.prefix, n, soon)
	c.errands.Go(func() { c.handOver(q, call) })
	return call
}

// here makes a check in the pool, unless somebody else has answered before it has.
func (c *Client) here(call *call, why error) (bool, error) {
	if q := c.current(); q != nil && why != errStop {
		c.reasons.warn("a long check is made here", why)
		c.errands.Go(func() { c.withdraw(q, call) })
	}
	isPrime, err := c.local(call.local, call.n)
	select {
	case isPrime = <-call.answer:
		return isPrime, nil
	default:
		return isPrime, err
	}
}

// end takes back what is still in the queue.
func (c *Client) end(call *call) {
	c.calls.remove(call)
	c.calls.assign()
	if q := c.current(); q != nil && !call.answered {
		c.errands.Go(func() { c.withdraw(q, call) })
	}
}

// handOver puts a check into the queue. It can be repeated: the broker keeps one message for
// an address. It does not end when the client has gone, because it has to learn the message's
// number, by which it can be taken back.
func (c *Client) handOver(q *queue, call *call) {
	sequence, err := c.publish(q, call.n, call.address)
	switch {
	case err == nil:
		if !c.calls.stored(call, sequence) {
			c.withdraw(q, call)
		}
	case isRefusal(err):
		c.calls.refused(call, err)
		c.calls.assign()
	default:
		c.leave(q, err)
	}
}

func (c *Client) publish(q *queue, n uint64, address string) (sequence uint64, err error) {
	ctx, cancel := context.WithTimeout(c.alive, timeout)
	defer cancel()
	msg := nats.NewMsg(subject)
	msg.Data = strconv.AppendUint(nil, n, 10)
	msg.Header.Set(answerTo, address)
	ack, err := q.js.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0), jetstream.WithMsgID(address))
	if errors.Is(err, context.DeadlineExceeded) {
		err = errSilent
	}
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// isRefusal reports whether the stream has answered, and said no.
func isRefusal(err error) bool {
	var refusal *jetstream.APIError
	return errors.As(err, &refusal)
}

// withdraw lets nobody make a check any more whose answer is not wanted.
func (c *Client) withdraw(q *queue, call *call) {
	sequence, begun := c.calls.takeBack(call)
	if begun {
		q.conn.Publish(stops+call.address, nil)
	}
	if sequence != 0 {
		ctx, cancel := context.WithTimeout(c.alive, timeout)
		defer cancel()
		q.stream.DeleteMsg(ctx, sequence) // which fails if a worker has been quicker
	}
}

// putAside keeps a check that has cost workers their lives.
func (c *Client) putAside(call *call) {
	names := c.calls.workers(call)
	slog.Error("a check is put aside", "n", call.n, "err", errAside, "workers", names)
	if q := c.current(); q != nil {
		c.errands.Go(func() { c.keepAside(q, call.n, names) })
	}
}

func (c *Client) keepAside(q *queue, n uint64, workers []string) {
	ctx, cancel := context.WithTimeout(c.alive, timeout)
	defer cancel()
	msg := nats.NewMsg(asideConfig.Subjects[0])
	msg.Data = strconv.AppendUint(nil, n, 10)
	msg.Header[from] = workers
	msg.Header.Set("Time", time.Now().UTC().Format(time.RFC3339))
	_, err := q.js.PublishMsg(ctx, msg)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		config := asideConfig
		config.Replicas = c.options.Replicas
		if _, err = q.js.CreateStream(ctx, config); err == nil {
			_, err = q.js.PublishMsg(ctx, msg)
		}
	}
	if err != nil {
		c.reasons.warn("a check can't be put aside", err)
	}
}
