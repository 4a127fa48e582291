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
)

// Workers make checks for clients.
type Workers struct {
	Check Check
	N     int           // how many checks they make at a time
	Grace time.Duration // how long a check that has begun may take when they are to stop

	conn *nats.Conn
	js   jetstream.JetStream
}

// Run takes checks out of the queue until ctx is done. Then it takes no more, and finishes
// those that it has begun, or gives them back after Grace. If the broker is away, it waits.
func (w *Workers) Run(ctx context.Context, o Options) error {
	var away atomic.Bool
	conn, err := o.connect("checker",
		func(*nats.Conn) {
			away.Store(false)
			slog.Info("the broker is back")
		},
		func(err error) {
			if !away.Swap(true) && ctx.Err() == nil {
				slog.Warn("the broker is away", "err", err)
			}
		})
	if err != nil {
		return err
	}
	defer conn.Close()
	if w.js, err = jetstream.New(conn); err != nil {
		return err
	}
	w.conn = conn
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, cancel) })()
	err = w.pullAll(ctx, hard)
	if conn.IsConnected() {
		conn.FlushTimeout(timeout) // the last answers; if they are lost, the clients know
	}
	return err
}

// pullAll runs the workers. A stream with other settings ends all of them.
func (w *Workers) pullAll(ctx, hard context.Context) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var workers sync.WaitGroup
	for range w.N {
		workers.Go(func() {
			for ctx.Err() == nil {
				if err := w.pull(ctx, hard); errors.Is(err, errSettings) {
					fail(err)
				} else if err != nil {
					slog.Debug("no checks", "err", err)
				}
				select {
				case <-ctx.Done():
				case <-time.After(pause):
				}
			}
		})
	}
	workers.Wait()
	if err := context.Cause(ctx); errors.Is(err, errSettings) {
		return err
	}
	return nil
}

// pull takes one message after another, and asks for the next only when the last is done.
func (w *Workers) pull(ctx, hard context.Context) error {
	stream, err := open(ctx, w.js)
	if err != nil {
		return err
	}
	consumer, err := stream.CreateConsumer(ctx, consumerConfig)
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
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			msg.Nak() // it came when nothing more is begun
		default:
			w.handle(hard, msg)
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
	unwanted, stop := context.WithTimeout(ctx, limit)
	defer stop()
	if w.keep(unwanted, stop, msg, inbox) {
		isPrime, err := w.Check(unwanted, n)
		if err == nil {
			w.conn.Publish(inbox, formatAnswer(n, isPrime))
		}
	}
	if ctx.Err() != nil {
		msg.Nak()
		return
	}
	msg.Ack() // after the answer: better a second one than none
}

// keep reports whether the answer is wanted. If so, it keeps the message from being given to
// another worker until ctx is done, and calls stop when the answer is not wanted any more.
func (w *Workers) keep(ctx context.Context, stop func(), msg jetstream.Msg, inbox string) bool {
	sub, err := w.conn.Subscribe(stopPrefix+inbox, func(*nats.Msg) { stop() })
	if err != nil {
		return false
	}
	if !w.isWanted(inbox) {
		sub.Unsubscribe()
		return false
	}
	go func() {
		defer sub.Unsubscribe()
		tick := time.NewTicker(consumerConfig.AckWait / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				msg.InProgress()
				if !w.isWanted(inbox) {
					stop()
				}
			}
		}
	}()
	return true
}

// isWanted asks the client whether it still waits. A client that has died does not listen,
// and the broker says so at once. If it can't be asked, the answer may be wanted.
func (w *Workers) isWanted(inbox string) bool {
	reply, err := w.conn.Request(inbox, nil, timeout)
	if err != nil {
		return !errors.Is(err, nats.ErrNoResponders) && !errors.Is(err, nats.ErrBadSubject)
	}
	return string(reply.Data) == "true"
}
