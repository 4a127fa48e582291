package queue

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A task is a check that a worker has begun.
type task struct {
	w       *Workers
	msg     jetstream.Msg
	address string    // of the client's call
	deaf    time.Time // since when nobody listens there, or zero
}

// errUnwanted ends a check whose answer nobody wants any more.
var errUnwanted = errors.New("nobody wants the answer")

// run makes the check, and sees to it that its message is deleted only when the client has the
// answer or doesn't want it: better a second one than none.
func (t *task) run(hard context.Context, n uint64) {
	prompt := make(chan *nats.Msg, 8) // before the question, or a client could leave in between
	if sub, err := t.w.conn.ChanSubscribe(stops+t.address, prompt); err == nil {
		defer sub.Unsubscribe()
	}
	switch wanted, err := t.say(hard, ""); {
	case errors.Is(err, nats.ErrNoResponders): // perhaps because the broker has just come back
		t.msg.NakWithDelay(soon)
		return
	case err == nil && !wanted:
		t.msg.Ack()
		return
	}
	err := t.make(hard, n, prompt)
	switch {
	case err == nil, errors.Is(err, errUnwanted):
		t.msg.Ack()
	default: // for somebody who has the time
		t.w.tell(t.address, later)
		t.msg.Nak()
	}
}

// make makes the check and delivers the answer. Meanwhile it keeps the message from being given
// to another worker.
func (t *task) make(hard context.Context, n uint64, prompt <-chan *nats.Msg) error {
	ctx, stop := context.WithCancelCause(hard)
	var keeping sync.WaitGroup
	defer keeping.Wait()
	defer stop(nil)
	keeping.Go(func() { t.keep(ctx, stop, prompt) })
	isPrime, err := t.w.Check(ctx, n)
	if err == nil {
		err = t.deliver(ctx, answer(n, isPrime))
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// keep renews the lease until ctx is done, and asks whether the answer is still wanted: each
// time, and when somebody says that it is not.
func (t *task) keep(ctx context.Context, stop context.CancelCauseFunc, prompt <-chan *nats.Msg) {
	tick := time.NewTicker(consumerConfig.AckWait / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-prompt:
		case <-tick.C:
			t.msg.InProgress()
		}
		if wanted, err := t.say(ctx, ""); err == nil && !wanted || t.isDeaf(err) {
			stop(errUnwanted)
		}
	}
}

// deliver sends the answer until the client has it, or for as long as a message may be in the
// queue.
func (t *task) deliver(ctx context.Context, answer string) error {
	ctx, cancel := context.WithTimeout(ctx, age)
	defer cancel()
	for {
		if _, err := t.say(ctx, answer); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lease / 8):
		}
	}
}

// isDeaf reports whether nobody has listened to the answers for so long that the client must
// have died. A client whose broker has just come back needs a moment.
func (t *task) isDeaf(err error) bool {
	if !errors.Is(err, nats.ErrNoResponders) {
		t.deaf = time.Time{}
		return false
	}
	if t.deaf.IsZero() {
		t.deaf = time.Now()
	}
	return time.Since(t.deaf) >= soon
}

// say tells the client something, and asks whether the answer is wanted. A client that says nothing
// must not cost the lease.
func (t *task) say(ctx context.Context, what string) (wanted bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lease/4)
	defer cancel()
	reply, err := t.w.conn.RequestMsgWithContext(ctx, t.w.message(t.address, what))
	if err != nil {
		return false, err
	}
	return strconv.ParseBool(string(reply.Data))
}

// tell tells a client something.
func (w *Workers) tell(address, what string) { w.conn.PublishMsg(w.message(address, what)) }

func (w *Workers) message(address, what string) *nats.Msg {
	msg := nats.NewMsg(address)
	msg.Data = []byte(what)
	msg.Header.Set(from, w.name)
	return msg
}
