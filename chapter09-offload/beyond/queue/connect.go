package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// handlers are told what becomes of a connection.
type handlers struct {
	arrived func()          // the broker is there
	lost    func(error)     // it was there
	trouble func(err error) // it is still away, or it is there and objects to something
}

// connect connects to the broker until ctx is done. If it is away, connect returns a
// connection that goes on trying; if it refuses, an error.
func (o Options) connect(ctx context.Context, name string, h handlers) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name(name),
		nats.CustomInboxPrefix("_INBOX." + name), // permissions can tell the two sides apart
		nats.SetCustomDialer(&dialer{ctx: ctx}),
		nats.Timeout(timeout),
		nats.PingInterval(5 * time.Second),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(pause / 4),
		nats.ReconnectBufSize(-1), // while the broker is away, nothing is sent
		nats.IgnoreAuthErrorAbort(),
		nats.NoCallbacksAfterClientClose(),
		nats.ReconnectHandler(func(*nats.Conn) { h.arrived() }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { h.lost(cmp.Or(err, nats.ErrConnectionClosed)) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { h.trouble(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { h.trouble(err) }),
	}
	if o.Creds != "" {
		options = append(options, nats.UserCredentials(o.Creds))
	}
	if o.CA != "" {
		options = append(options, nats.RootCAs(o.CA))
	}
	conn, err := nats.Connect(o.URL, options...)
	if err == nil {
		h.arrived()
	} else if ctx.Err() == nil && isAway(err) {
		h.lost(err)
		options = append(options, nats.RetryOnFailedConnect(true), nats.ConnectHandler(func(*nats.Conn) { h.arrived() }))
		conn, err = nats.Connect(o.URL, options...)
	}
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	go complain(ctx, conn, h.trouble)
	return conn, nil
}

// complain tells why attempts to reconnect fail once the broker has accepted them, until ctx is
// done. The client library keeps that to itself: that a certificate has expired, for example.
func complain(ctx context.Context, conn *nats.Conn, trouble func(error)) {
	changes := conn.StatusChanged(nats.CONNECTING, nats.RECONNECTING)
	defer conn.RemoveStatusListener(changes)
	for accepted := false; ; {
		select {
		case <-ctx.Done():
			return
		case status := <-changes:
			if err := conn.LastError(); accepted && status == nats.RECONNECTING && err != nil {
				trouble(err)
			}
			accepted = status == nats.CONNECTING
		}
	}
}

// isAway reports whether nobody answers at the broker's address. A proxy in front of a broker
// that is away accepts, and then hangs up.
func isAway(err error) bool {
	var network *net.OpError
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, io.EOF) ||
		errors.As(err, &network)
}

// A dialer dials for one connection, which has one socket at a time. The client library does
// not close the socket of an attempt that fails after it has been accepted; the dialer does, at
// the next attempt, or when ctx is done.
type dialer struct {
	ctx  context.Context
	mu   sync.Mutex
	last net.Conn
}

func (d *dialer) Dial(network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: timeout}).DialContext(d.ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last != nil {
		d.last.Close()
	}
	if d.last = conn; conn != nil {
		context.AfterFunc(d.ctx, func() { conn.Close() })
	}
	return conn, err
}
