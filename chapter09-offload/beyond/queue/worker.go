package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// Workers make checks for clients.
type Workers struct {
	Check Check
	N     int           // how many checks they make at a time
	Grace time.Duration // how long a check that has begun may take when they are to stop

	name    string
	conn    *nats.Conn
	taking  atomic.Bool // the log says so
	away    atomic.Bool // the broker
	reasons reasons
}

// Run takes checks out of the queue until ctx is done. Then it takes no more, and finishes
// those that it has begun, or gives them back after Grace. If the broker is away, it waits.
func (w *Workers) Run(ctx context.Context, o Options) error {
	alive, die := context.WithCancel(context.WithoutCancel(ctx))
	defer die()
	var err error
	if w.conn, err = w.connect(ctx, alive, o); err != nil || w.conn == nil {
		return err
	}
	defer w.conn.Close()
	hard, cancel := context.WithCancel(alive)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, cancel) })()
	group, ctx := errgroup.WithContext(ctx) // a stream with other settings ends all
	for range w.N {
		group.Go(func() error { return w.work(ctx, hard, o.Replicas) })
	}
	err = group.Wait()
	if w.conn.IsConnected() {
		w.conn.FlushTimeout(timeout)
	}
	return err
}

// connect connects, unless ctx is done before: then it returns nothing.
func (w *Workers) connect(ctx, alive context.Context, o Options) (conn *nats.Conn, err error) {
	h := handlers{
		arrived: func() {
			if w.away.Swap(false) {
				slog.Info("the broker is back")
			}
		},
		lost: func(err error) {
			w.away.Store(true)
			slog.Warn("the broker is away", "err", err)
			w.reasons.isNew(noHelp, err) // it is said now
		},
		trouble: func(err error) { w.reasons.warn(noHelp, err) },
	}
	host, _ := os.Hostname()
	w.name = fmt.Sprintf("%s-%d", host, os.Getpid())
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err = o.connect(alive, "checker", h)
	}()
	select {
	case <-done:
		return conn, err
	case <-ctx.Done():
		return nil, nil
	}
}

// work takes checks out of the queue until ctx is done. After an error it tries again.
func (w *Workers) work(ctx, hard context.Context, replicas int) error {
	for ctx.Err() == nil {
		err := w.pull(ctx, hard, replicas)
		if errors.Is(err, errSettings) {
			return err
		}
		w.taking.Store(false)
		if ctx.Err() == nil && w.conn.IsConnected() {
			w.reasons.warn("no checks for a while", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// pull takes one message after another, and asks for the next only when the last is done.
func (w *Workers) pull(ctx, hard context.Context, replicas int) error {
	messages, err := w.messages(ctx, replicas)
	if err != nil {
		return err
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, func() { w.noMore(messages) })()
	for {
		msg, err := messages.Next(jetstream.NextContext(hard))
		if err != nil {
			return err
		}
		if ctx.Err() == nil {
			w.handle(hard, msg)
		} else {
			msg.Nak() // it came when nothing more is begun
		}
	}
}

// noMore lets no more messages come. One that is on its way still does, if there is a way.
func (w *Workers) noMore(messages jetstream.MessagesContext) {
	if w.conn.IsConnected() {
		messages.Drain()
	} else {
		messages.Stop()
	}
}

// messages opens the queue. Each step may take a while, and no longer.
func (w *Workers) messages(ctx context.Context, replicas int) (jetstream.MessagesContext, error) {
	_, stream, err := open(ctx, w.conn, replicas)
	if err != nil {
		return nil, err
	}
	create, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	consumer, err := stream.CreateOrUpdateConsumer(create, consumerConfig)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errSilent
	}
	if err != nil {
		return nil, err
	}
	if !w.taking.Swap(true) {
		slog.Info("taking checks", "broker", w.conn.ConnectedUrlRedacted(), "workers", w.N)
	}
	return consumer.Messages(jetstream.PullMaxMessages(1), jetstream.PullHeartbeat(timeout/2))
}

// handle makes the check that a message asks for.
func (w *Workers) handle(hard context.Context, msg jetstream.Msg) {
	t := &task{w: w, msg: msg, address: msg.Headers().Get(answerTo)}
	n, err := strconv.ParseUint(string(msg.Data()), 10, 64)
	if err == nil && (!strings.HasPrefix(t.address, answers) || strings.ContainsAny(t.address, "*> \t\r\n")) {
		err = fmt.Errorf("it names no address below %s", answers)
	}
	if err != nil {
		w.reasons.warn("a message is no check", err)
		msg.Term()
		return
	}
	t.run(hard, n)
}
