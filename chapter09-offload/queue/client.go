package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/concurrent-network-server/chapter09-offload/handler"
)

// A Check reports whether n is prime, or returns ctx's error if ctx is done.
type Check = func(ctx context.Context, n uint64) (bool, error)

// A Client has numbers checked by whoever takes them out of the queue. What the queue can't
// do, it does itself.
type Client struct {
	conn  *nats.Conn
	js    jetstream.JetStream
	local Check
	inbox string

	mu        sync.Mutex
	stream    jetstream.Stream // nil while checks are made here
	why       string           // why they are
	complaint time.Time        // when a refusal was logged last
	count     uint64
	calls     map[string]*call
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
	c := &Client{local: local, calls: make(map[string]*call)}
	conn, err := o.connect("server", func(conn *nats.Conn) { c.join(conn) }, c.leave,
		nats.ReconnectBufSize(-1)) // while the broker is away, nothing is sent
	if err != nil {
		return nil, err
	}
	c.conn, c.inbox = conn, conn.NewInbox()
	if c.js, err = jetstream.New(conn); err == nil {
		_, err = conn.Subscribe(c.inbox+".*", c.receive)
	}
	if err == nil && conn.IsConnected() {
		err = c.join(conn)
	}
	if errors.Is(err, errSettings) {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// Close disconnects. There must be no call of Check after it.
func (c *Client) Close() { c.conn.Close() }

// join makes checks go to the queue, as soon as the stream is there.
func (c *Client) join(conn *nats.Conn) error {
	js, err := jetstream.New(conn)
	var stream jetstream.Stream
	if err == nil {
		stream, err = open(context.Background(), js)
	}
	if err != nil {
		c.leave(err)
		time.AfterFunc(pause, func() {
			if conn.IsConnected() {
				c.join(conn)
			}
		})
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream == nil {
		slog.Info("long checks go to the queue", "broker", conn.ConnectedUrlRedacted())
	}
	c.stream, c.why = stream, ""
	return nil
}

// leave makes checks be made here, those included whose message or answer may be lost. It
// says so once, and again only if the broker is there but refuses.
func (c *Client) leave(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil || c.why == "" || !isAway(err) && err.Error() != c.why {
		c.why = err.Error()
		slog.Warn("long checks are made here", "err", err)
	}
	c.stream = nil
	for _, call := range c.calls {
		call.end()
	}
}

// Check has n checked: by a worker, if that takes long, and here, if the queue can't help.
func (c *Client) Check(ctx context.Context, n uint64) (bool, error) {
	if n < handler.Cheap {
		return c.local(ctx, n)
	}
	isPrime, err := c.remote(ctx, n)
	if err != nil {
		return c.local(ctx, n)
	}
	return isPrime, nil
}

// errGaveUp is remote's error when nobody waits for the answer any more.
var errGaveUp = errors.New("no answer")

// remote puts n into the queue and waits for the answer.
func (c *Client) remote(ctx context.Context, n uint64) (bool, error) {
	stream, call := c.begin(n)
	defer c.end(call)
	if stream == nil {
		return false, nats.ErrNoServers
	}
	ack, err := c.publish(call)
	if err != nil {
		c.complain(err)
		return false, err
	}
	select {
	case isPrime := <-call.answer:
		return isPrime, nil
	case <-call.wanted.Done():
	case <-ctx.Done():
	}
	c.end(call)
	c.conn.Publish(stopPrefix+call.inbox, nil)
	deadline, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	stream.DeleteMsg(deadline, ack.Sequence) // which fails if a worker has been quicker
	return false, errGaveUp
}

func (c *Client) begin(n uint64) (jetstream.Stream, *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	call := &call{n: n, inbox: c.inbox + "." + strconv.FormatUint(c.count, 10), answer: make(chan bool, 1)}
	call.wanted, call.end = context.WithTimeout(context.Background(), patience)
	c.calls[call.inbox] = call
	return c.stream, call
}

func (c *Client) end(call *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, call.inbox)
	call.end()
}

// publish does not end when the client has gone: it has to learn the message's number, by
// which it can be taken back.
func (c *Client) publish(call *call) (*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(call.wanted, timeout)
	defer cancel()
	msg := nats.NewMsg(subject)
	msg.Data = strconv.AppendUint(nil, call.n, 10)
	msg.Header.Set(answerTo, call.inbox)
	msg.Header.Set(wanted, patience.String())
	return c.js.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0))
}

// complain logs why the broker does not take a check, once a minute.
func (c *Client) complain(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil && time.Since(c.complaint) > time.Minute {
		c.complaint = time.Now()
		slog.Warn("a long check is made here", "err", err)
	}
}

// receive takes an answer, or says whether it is still wanted. What is not for a call that
// waits for it is ignored.
func (c *Client) receive(m *nats.Msg) {
	c.mu.Lock()
	call, waits := c.calls[m.Subject]
	c.mu.Unlock()
	if m.Reply != "" {
		m.Respond(strconv.AppendBool(nil, waits))
		return
	}
	n, isPrime, err := parseAnswer(string(m.Data))
	if !waits || err != nil || n != call.n {
		return
	}
	select {
	case call.answer <- isPrime:
	default: // the second
	}
}

// An answer is the number and true or false.
func formatAnswer(n uint64, isPrime bool) []byte { return fmt.Appendf(nil, "%d %t", n, isPrime) }

func parseAnswer(s string) (n uint64, isPrime bool, err error) {
	number, verdict, _ := strings.Cut(s, " ")
	n, err = strconv.ParseUint(number, 10, 64)
	if err == nil {
		isPrime, err = strconv.ParseBool(verdict)
	}
	return n, isPrime, err
}
