package queue

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"
)

// run joins the queue whenever it has to, until the client is closed. What it finds out first
// it tells NewClient, if it is something that nobody can mend by waiting.
func (c *Client) run(first chan<- error) {
	conn := c.connect(first)
	if conn == nil {
		return
	}
	defer conn.Close()
	delay := pause / 4
	for c.alive.Err() == nil {
		if c.current() == nil && conn.IsConnected() {
			err := c.join(conn)
			if !errors.Is(err, errSettings) {
				err = nil
			}
			tell(first, err)
		}
		if c.current() != nil {
			delay = pause / 4
		}
		select {
		case <-c.alive.Done():
		case <-c.poke:
			delay = pause / 4
		case <-time.After(delay):
			delay = min(2*delay, 8*pause)
		}
	}
}

// connect connects. A broker that refuses is an error for NewClient; if that has not waited
// for it, it may change its mind.
func (c *Client) connect(first chan<- error) *nats.Conn {
	for c.alive.Err() == nil {
		conn, err := c.options.connect(c.alive, "server", handlers{c.arrived, c.lost, c.trouble})
		if err == nil {
			_, err = conn.Subscribe(c.prefix+"*", c.receive)
		}
		if err == nil {
			if !conn.IsConnected() {
				tell(first, nil)
			}
			return conn
		}
		tell(first, err)
		c.lost(err)
		select {
		case <-c.alive.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// tell tells the first thing that there is to tell.
func tell(first chan<- error, err error) {
	select {
	case first <- err:
	default:
	}
}

// join makes checks go to the queue, if the stream is there and takes a message.
func (c *Client) join(conn *nats.Conn) error {
	q := &queue{conn: conn}
	var err error
	if q.js, q.stream, err = open(c.alive, conn, c.options.Replicas); err == nil {
		err = c.probe(q)
	}
	if err != nil {
		c.lost(err)
		return err
	}
	c.warnOfReplicas(q)
	c.mu.Lock()
	c.queue, c.said = q, false
	c.mu.Unlock()
	slog.Info("long checks go to the queue", "broker", conn.ConnectedUrlRedacted())
	for _, call := range c.calls.waiting() {
		c.running.Go(func() { c.handOver(q, call) })
	}
	return nil
}

// probe puts a message into the stream that nobody waits for, and takes it out again. It has an
// address of its own, because the broker doesn't keep what it has had before, but says that it
// has. A stream that says no for now is there.
func (c *Client) probe(q *queue) error {
	sequence, err := c.publish(q, 0, c.prefix+nuid.Next())
	if err != nil {
		if isRefusal(err) {
			return nil
		}
		return err
	}
	ctx, cancel := context.WithTimeout(c.alive, timeout)
	defer cancel()
	q.stream.DeleteMsg(ctx, sequence) // which fails if a worker has been quicker
	return nil
}

// warnOfReplicas warns of a queue that one broker of a cluster keeps alone.
func (c *Client) warnOfReplicas(q *queue) {
	info := q.stream.CachedInfo()
	if info.Cluster != nil && info.Cluster.Name != "" && info.Config.Replicas == 1 {
		c.reasons.warn("the queue is lost with one broker", errReplicas)
	}
}

var errReplicas = errors.New("the brokers are a cluster, and the stream has one replica")

func (c *Client) arrived() {
	select {
	case c.poke <- struct{}{}:
	default:
	}
}

// lost makes checks be made here. Those that are in the queue may get back into it soon.
func (c *Client) lost(err error) {
	if c.leave(c.current(), err) {
		c.calls.lost(err)
	} else {
		c.trouble(err)
	}
}

func (c *Client) trouble(err error) { c.reasons.warn(noHelp, err) }

// leave makes checks be made here, because a way into the queue is good no longer: nobody else
// has to wait to find out. Those that a worker is at go on. It reports whether that is news.
func (c *Client) leave(q *queue, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue != q || c.said {
		return false
	}
	c.queue, c.said = nil, true
	slog.Warn("long checks are made here", "err", err)
	c.reasons.isNew(noHelp, err) // it is said now
	return true
}

// current returns the way into the queue, or nil.
func (c *Client) current() *queue {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queue
}

// receive hears what workers have to say.
func (c *Client) receive(m *nats.Msg) {
	wanted := "false"
	if c.calls.hear(m.Subject, m.Header.Get(from), string(m.Data)) {
		wanted = "true"
	}
	if m.Reply != "" {
		m.Respond([]byte(wanted))
	}
}
