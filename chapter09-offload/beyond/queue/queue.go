// Package queue lets other machines make the long checks. A Client puts numbers into a
// work queue of NATS JetStream; workers take them out, one at a time, and send the answers
// to the client's inbox.
package queue

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	streamName = "CHECKS"
	subject    = "checks.new"   // a message's payload is the number, in digits
	stopPrefix = "checks.stop." // followed by the address for the answer: nobody wants it any more

	answerTo = "Answer-To"  // header: where the answer goes
	wanted   = "Wanted-For" // header: for how long it is wanted, as a time.Duration

	room     = 10_000          // how many checks may be in the queue
	patience = time.Minute     // how long a client waits for an answer
	lease    = 3 * time.Second // how long a worker may be silent before its check is given to another
	tries    = 5               // how often a check is given to a worker
	timeout  = 2 * time.Second // how long the broker may take to answer
	pause    = time.Second     // between two attempts to set up the queue
)

// Options say how to reach the broker.
type Options struct {
	URL   string // one or more, separated by commas; empty for no queue
	Creds string // a file with the user's credentials, or empty
	CA    string // a file with the certificates to trust besides the system's, or empty
}

// Flags defines the flags for the options.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.StringVar(&o.URL, "queue", os.Getenv("NATS_URL"), "the `URL` of the broker that hands out long checks (default $NATS_URL)")
	fs.Lookup("queue").DefValue = "" // -h shows no password
	fs.StringVar(&o.Creds, "creds", "", "a `file` with credentials for the broker")
	fs.StringVar(&o.CA, "ca", "", "a `file` with certificates of authorities that vouch for the broker")
}

// connect connects to the broker. If it is away, connect returns a connection that goes on
// trying; if it refuses, an error. It calls arrived whenever the broker is there, and lost
// when it is away, and when another attempt to reach it has failed.
func (o Options) connect(name string, arrived func(*nats.Conn), lost func(error), more ...nats.Option) (*nats.Conn, error) {
	options := append([]nats.Option{
		nats.Name(name),
		nats.Timeout(timeout),
		nats.PingInterval(5 * time.Second),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(pause / 4),
		nats.IgnoreAuthErrorAbort(),
		nats.NoCallbacksAfterClientClose(),
		nats.ReconnectHandler(arrived),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { lost(cmp.Or(err, nats.ErrConnectionClosed)) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { lost(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { slog.Debug("queue", "err", err) }),
	}, more...)
	if o.Creds != "" {
		options = append(options, nats.UserCredentials(o.Creds))
	}
	if o.CA != "" {
		options = append(options, nats.RootCAs(o.CA))
	}
	conn, err := nats.Connect(o.URL, options...)
	if err == nil {
		arrived(conn)
	} else if isAway(err) {
		lost(err)
		options = append(options, nats.RetryOnFailedConnect(true), nats.ConnectHandler(arrived))
		conn, err = nats.Connect(o.URL, options...)
	}
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return conn, nil
}

// isAway reports whether nobody answers at the broker's address.
func isAway(err error) bool {
	var network *net.OpError
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.As(err, &network)
}

// open returns the stream, which it creates if there is none.
func open(ctx context.Context, conn *nats.Conn) (jetstream.JetStream, jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, nil, err
	}
	stream, err := js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, streamConfig)
	}
	if errors.Is(err, nats.ErrNoResponders) { // nobody is there who knows streams
		err = jetstream.ErrJetStreamNotEnabled
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
	MaxAge:    patience,
}

// consumerConfig is what the workers share. The limits that it lifts are on their number.
var consumerConfig = jetstream.ConsumerConfig{
	Durable:       "checkers",
	AckPolicy:     jetstream.AckExplicitPolicy,
	AckWait:       lease,
	MaxDeliver:    tries,
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
