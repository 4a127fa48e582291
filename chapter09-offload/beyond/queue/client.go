package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"

	"example.com/concurrent-network-server/chapter09-offload/handler"
)

// A Check reports whether n is prime, or returns ctx's error if ctx is done.
type Check = func(ctx context.Context, n uint64) (bool, error)

// A Client has numbers checked by whoever takes them out of the queue. What the queue can't
// do, it does itself.
type Client struct {
	local   Check
	conn    *nats.Conn
	inbox   string
	refused rate.Sometimes // how often it is logged that the broker took no message

	mu     sync.Mutex
	js     jetstream.JetStream
	stream jetstream.Stream // where checks go
	why    error            // or why they are made here
	count  uint64
	calls  map[string]*call // by inbox
}

// A call is one check that is somewhere in the queue.
type call struct {
	n      uint64
	inbox  string
	answer chan bool       // has room for one
	wanted context.Context // ends after a while, or when the broker is lost
	end    context.CancelFunc
}

// NewClient connects to the broker. If it is away, checks are made with local until it is
// back. A broker that refuses, or whose stream is not as it must be, is an error.
func NewClient(o Options, local Check) (*Client, error) {
	c := &Client{local: local, calls: make(map[string]*call), refused: rate.Sometimes{Interval: time.Minute}}
	conn, err := o.connect("server", c.join, c.leave, nats.ReconnectBufSize(-1)) // while the broker is away, nothing is sent
	if err != nil {
		return nil, err
	}
	c.conn, c.inbox = conn, conn.NewInbox()
	_, err = conn.Subscribe(c.inbox+".*", c.receive)
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(c.why, errSettings) {
		err = c.why
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// Close disconnects. There must be no call of Check after it.
func (c *Client) Close() { c.conn.Close() }

// join makes checks go to the queue, as soon as the stream is there.
func (c *Client) join(conn *nats.Conn) {
	js, stream, err := open(context.Background(), conn)
	if err != nil {
		c.leave(err)
		time.AfterFunc(pause, func() {
			if conn.IsConnected() {
				c.join(conn)
			}
		})
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream == nil {
		slog.Info("long checks go to the queue", "broker", conn.ConnectedUrlRedacted())
	}
	c.js, c.stream, c.why = js, stream, nil
}

// leave makes checks be made here, including those whose message or answer may be lost. It
// says so once, and again only if the broker is there but refuses.
func (c *Client) leave(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why == nil || !isAway(err) && err.Error() != c.why.Error() {
		c.why = err
		slog.Warn("long checks are made here", "err", err)
	}
	c.stream = nil
	for _, call := range c.calls {
		call.end()
	}
}

// Check has n checked: by a worker, if that takes long, and here, if the queue can't help.
func (c *Client) Check(ctx context.Context, n uint64) (bool, error) {
	if n >= handler.Cheap {
		if isPrime, ok := c.remote(ctx, n); ok {
			return isPrime, nil
		}
	}
	return c.local(ctx, n)
}

// remote puts n into the queue and waits for the answer, unless there is none to wait for.
func (c *Client) remote(ctx context.Context, n uint64) (isPrime, ok bool) {
	js, stream, call := c.begin(n)
	defer c.end(call)
	if stream == nil {
		return false, false
	}
	ack, err := publish(js, call)
	if err != nil {
		if c.conn.IsConnected() {
			c.refused.Do(func() { slog.Warn("a long check is made here", "err", err) })
		}
		return false, false
	}
	select {
	case isPrime = <-call.answer:
		return isPrime, true
	case <-call.wanted.Done():
	case <-ctx.Done():
	}
	c.end(call)
	c.conn.Publish(stopPrefix+call.inbox, nil)
	deadline, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	stream.DeleteMsg(deadline, ack.Sequence) // which fails if a worker has been quicker
	return false, false
}

func (c *Client) begin(n uint64) (jetstream.JetStream, jetstream.Stream, *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	call := &call{n: n, inbox: fmt.Sprintf("%s.%d", c.inbox, c.count), answer: make(chan bool, 1)}
	call.wanted, call.end = context.WithTimeout(context.Background(), patience)
	c.calls[call.inbox] = call
	return c.js, c.stream, call
}

func (c *Client) end(call *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, call.inbox)
	call.end()
}

// publish does not end when the client has gone: it has to learn the message's number, by
// which it can be taken back.
func publish(js jetstream.JetStream, call *call) (*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(call.wanted, timeout)
	defer cancel()
	msg := nats.NewMsg(subject)
	msg.Data = strconv.AppendUint(nil, call.n, 10)
	msg.Header.Set(answerTo, call.inbox)
	msg.Header.Set(wanted, patience.String())
	return js.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0))
}

// receive takes an answer, or says whether it is still wanted. What is not for a call that
// waits for it is ignored, and so is a second answer.
func (c *Client) receive(m *nats.Msg) {
	c.mu.Lock()
	call, waits := c.calls[m.Subject]
	c.mu.Unlock()
	if m.Reply != "" {
		m.Respond(strconv.AppendBool(nil, waits))
		return
	}
	for _, isPrime := range []bool{true, false} {
		if waits && string(m.Data) == answer(call.n, isPrime) {
			select {
			case call.answer <- isPrime:
			default:
			}
		}
	}
}

// answer is what a worker sends: the number too, so that it can't be taken for another's.
func answer(n uint64, isPrime bool) string { return fmt.Sprintf("%d %t", n, isPrime) }
