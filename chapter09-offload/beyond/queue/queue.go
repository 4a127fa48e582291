// Package queue lets other machines make the long checks. A Client puts numbers into a
// work queue of NATS JetStream; workers take them out, one at a time, and send the answers
// to the client.
package queue

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	streamName = "CHECKS"
	subject    = "checks.new"     // a message's payload is the number, in digits
	answers    = "checks.answer." // what a worker has to say about a check goes there, to an address
	stops      = "checks.stop."   // followed by that address: ask whether it is still wanted

	answerTo = "Answer-To" // header of a check: its address
	from     = "From"      // header of what a worker says: who it is

	room    = 10_000           // how many checks may be in the queue
	age     = 30 * time.Second // how long one may be there
	soon    = time.Second      // how long it is left to the queue alone, if nobody begins it
	lease   = 2 * time.Second  // how long its worker may be silent before it is given to another
	timeout = 2 * time.Second  // how long the broker may take to answer
	pause   = time.Second      // between two attempts to set up the queue
)

// Options say how to reach the broker.
type Options struct {
	URL      string // one or more, separated by commas; empty for no queue
	Creds    string // a file with the user's credentials, or empty
	CA       string // a file with the certificates to trust besides the system's, or empty
	Replicas int    // on how many brokers the queue is kept, if it has to be created
}

// Flags defines the flags for the options.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.StringVar(&o.URL, "queue", os.Getenv("NATS_URL"), "the `URL` of the broker that hands out long checks (default $NATS_URL)")
	fs.Lookup("queue").DefValue = "" // -h shows no password
	fs.StringVar(&o.Creds, "creds", "", "a `file` with credentials for the broker")
	fs.StringVar(&o.CA, "ca", "", "a `file` with certificates of authorities that vouch for the broker")
	fs.IntVar(&o.Replicas, "replicas", 1, "on how many brokers the queue is kept, if nobody has created it yet")
}

// errSilent says what a time-out means: the connection is there.
var errSilent = errors.New("the broker does not answer")

// open returns the stream, which it creates if there is none.
func open(ctx context.Context, conn *nats.Conn, replicas int) (jetstream.JetStream, jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, nil, err
	}
	stream, err := js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		config := streamConfig
		config.Replicas = replicas
		stream, err = js.CreateStream(ctx, config)
	}
	switch {
	case errors.Is(err, nats.ErrNoResponders): // nobody is there who knows streams
		err = jetstream.ErrJetStreamNotEnabled
	case errors.Is(err, context.DeadlineExceeded):
		err = errSilent
	}
	if err != nil {
		return nil, nil, fmt.Errorf("queue: %w", err)
	}
	return js, stream, compare(stream.CachedInfo().Config)
}

var streamConfig = jetstream.StreamConfig{
	Name:      streamName,
	Subjects:  []string{subject},
	Retention: jetstream.WorkQueuePolicy, // a message is gone when it has been acknowledged
	Discard:   jetstream.DiscardNew,      // a full queue says no
	MaxMsgs:   room,
	MaxAge:    age,
}

// asideConfig is where checks go that have cost workers their lives, for somebody to look at.
var asideConfig = jetstream.StreamConfig{
	Name:     streamName + "_ASIDE",
	Subjects: []string{"checks.aside"},
	MaxMsgs:  1000,
}

// consumerConfig is what the workers share. A check may be given back as often as workers are
// stopped. The limits that it lifts are on the workers' number.
var consumerConfig = jetstream.ConsumerConfig{
	Durable:       "checkers",
	AckPolicy:     jetstream.AckExplicitPolicy,
	AckWait:       lease,
	MaxDeliver:    -1,
	MaxAckPending: -1,
	MaxWaiting:    room,
}

// errSettings is the error for a stream that somebody has created for something else.
var errSettings = errors.New("queue: the stream " + streamName + " has other settings")

// compare compares what the program needs. Where the stream is stored, and how often, is
// the business of whoever created it.
func compare(got jetstream.StreamConfig) error {
	needed := func(c jetstream.StreamConfig) string {
		return fmt.Sprintf("subjects %v, retention %v, discard %v, max-msgs %d, max-age %v",
			c.Subjects, c.Retention, c.Discard, c.MaxMsgs, c.MaxAge)
	}
	if got, want := needed(got), needed(streamConfig); got != want {
		return fmt.Errorf("%w: %s; it needs %s", errSettings, got, want)
	}
	return nil
}
