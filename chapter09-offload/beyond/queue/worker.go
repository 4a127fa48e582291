package queue

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

// Workers make checks for clients.
type Workers struct {
	Check Check
	N     int           // how many checks they make at a time
	Grace time.Duration // how long a check that has begun may take when they are to stop

	conn    *nats.Conn
	refused rate.Sometimes // how often it is logged that the broker gives no checks
}

// Run takes checks out of the queue until ctx is done. Then it takes no more, and finishes
// those that it has begun, or gives them back after Grace. If the broker is away, it waits.
func (w *Workers) Run(ctx context.Context, o Options) error {
	var away atomic.Bool
	arrived := func(conn *nats.Conn) {
		away.Store(false)
		slog.Info("taking checks", "broker", conn.ConnectedUrlRedacted(), "workers", w.N)
	}
	lost := func(err error) {
		if !away.Swap(true) {
			slog.Warn("the broker is away", "err", err)
		}
	}
	conn, err := o.connect("checker", arrived, lost)
	if err != nil {
		return err
	}
	defer conn.Close()
	w.conn, w.refused = conn, rate.Sometimes{Interval: time.Minute}
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, cancel) })()
	group, ctx := errgroup.WithContext(ctx) // a stream with other settings ends all
	for range w.N {
		group.Go(func() error { return w.work(ctx, hard) })
	}
	err = group.Wait()
	if conn.IsConnected() {
		conn.FlushTimeout(timeout) // the last answers; if they are lost, the clients know
	}
	return err
}

// work takes checks out of the queue until ctx is done. After an error it tries again.
func (w *Workers) work(ctx, hard context.Context) error {
	for ctx.Err() == nil {
		err := w.pull(ctx, hard)
		if errors.Is(err, errSettings) {
			return err
		}
		if ctx.Err() == nil && w.conn.IsConnected() {
			w.refused.Do(func() { slog.Warn("no checks for a while", "err", err) })
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// pull takes one message after another, and asks for the next only when the last is done.
func (w *Workers) pull(ctx, hard context.Context) error {
	_, stream, err := open(ctx, w.conn)
	if err != nil {
		return err
	}
	consumer, err := stream.CreateOrUpdateConsumer(ctx, consumerConfig)
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1), jetstream.PullHeartbeat(timeout))
	if err != nil {
		return err
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Drain)()
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

// handle makes the check that a message asks for.
func (w *Workers) handle(ctx context.Context, msg jetstream.Msg) {
	n, err := strconv.ParseUint(string(msg.Data()), 10, 64)
	inbox := msg.Headers().Get(answerTo)
	limit, bad := time.ParseDuration(msg.Headers().Get(wanted))
	if err := cmp.Or(err, bad); err != nil || inbox == "" {
		slog.Warn("a message is no check", "subject", msg.Subject(), "err", err)
		msg.Term()
		return
	}
	needed, stop := context.WithTimeout(ctx, limit)
	defer stop()
	if err := w.reply(needed, stop, msg, inbox, n); err != nil && ctx.Err() != nil {
		msg.Nak() // for somebody who has the time
	} else {
		msg.Ack() // after the answer: better a second one than none
	}
}

// reply makes a check and sends the answer, if it is wanted.
func (w *Workers) reply(ctx context.Context, stop func(), msg jetstream.Msg, inbox string, n uint64) error {
	if sub, err := w.conn.Subscribe(stopPrefix+inbox, func(*nats.Msg) { stop() }); err == nil {
		defer sub.Unsubscribe()
	}
	if !w.isWanted(ctx, inbox) {
		return nil
	}
	var lease sync.WaitGroup
	defer lease.Wait()
	defer stop()
	lease.Go(func() { w.keep(ctx, stop, msg, inbox) })
	isPrime, err := w.Check(ctx, n)
	if err != nil {
		return err
	}
	return w.conn.Publish(inbox, []byte(answer(n, isPrime)))
}

// keep keeps a message from being given to another worker until ctx is done, and calls
// stop when the answer is not wanted any more.
func (w *Workers) keep(ctx context.Context, stop func(), msg jetstream.Msg, inbox string) {
	tick := time.NewTicker(consumerConfig.AckWait / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			msg.InProgress()
			if !w.isWanted(ctx, inbox) {
				stop()
			}
		}
	}
}

// isWanted asks the client whether it still waits. A client that has died does not listen,
// and the broker says so at once. If it can't be asked, the answer may be wanted.
func (w *Workers) isWanted(ctx context.Context, inbox string) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	reply, err := w.conn.RequestWithContext(ctx, inbox, nil)
	if err != nil {
		return !errors.Is(err, nats.ErrNoResponders) && !errors.Is(err, nats.ErrBadSubject)
	}
	return string(reply.Data) == "true"
}
