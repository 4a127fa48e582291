// Package load makes clients that ask a server all the time, and measures what they see.
// They compare every reply, byte for byte.
package load

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// A Target is the server that is measured.
type Target struct {
	Addr string
	PID  int // 0 if it is not known
	Limits
}

// payloadLen is the length of an echo. It is that of a number in hexadecimal, so the
// replies are all different, and no payload has a P, ^ or $.
const payloadLen = 16

// A request is the n-th echo and the reply to it.
type request struct {
	frame [payloadLen + 2]byte
	want  [payloadLen]byte
}

// set makes it the n-th.
func (r *request) set(n uint64) {
	var number [payloadLen / 2]byte
	binary.BigEndian.PutUint64(number[:], n*0x9e3779b97f4a7c15) // neighbours differ in most bytes
	r.frame[0], r.frame[payloadLen+1] = '^', '$'
	payload := r.frame[1 : payloadLen+1]
	hex.Encode(payload, number[:])
	for i, c := range payload {
		r.want[i] = c + 1
	}
}

// check compares a reply.
func (r *request) check(reply []byte) error {
	if string(reply) != string(r.want[:]) {
		return fmt.Errorf("wrong reply to %q: %q", r.frame, reply)
	}
	return nil
}

// A Client is a connection. It is closed when its context is done.
type Client struct {
	*net.TCPConn
	stop func() bool
	request
	reply [payloadLen]byte
}

// Dial connects. The server may not serve the connection yet.
func (t Target) Dial(ctx context.Context) (*Client, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, err
	}
	c := &Client{TCPConn: conn.(*net.TCPConn)}
	c.stop = context.AfterFunc(ctx, func() { conn.Close() })
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	return c, nil
}

// connect connects that many clients. If it fails, it returns those that it has.
func (t Target) connect(ctx context.Context, clients int) ([]*Client, error) {
	var connected []*Client
	for range clients {
		c, err := t.Dial(ctx)
		if err != nil {
			return connected, err
		}
		connected = append(connected, c)
	}
	return connected, nil
}

func closeAll(clients []*Client) {
	for _, c := range clients {
		c.Close()
	}
}

// Close hangs up.
func (c *Client) Close() error {
	c.stop()
	return c.TCPConn.Close()
}

// Greeted waits for the greeting.
func (c *Client) Greeted() error {
	var star [1]byte
	if _, err := io.ReadFull(c, star[:]); err != nil {
		return fmt.Errorf("waiting for the greeting: %w", err)
	}
	if star[0] != '*' {
		return fmt.Errorf("greeted with %q", star)
	}
	return nil
}

// Echo sends the n-th request and checks the reply.
func (c *Client) Echo(n uint64) error {
	c.set(n)
	if _, err := c.Write(c.frame[:]); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, c.reply[:]); err != nil {
		return fmt.Errorf("waiting for the reply to %q: %w", c.frame, err)
	}
	return c.check(c.reply[:])
}

// visit connects, asks once and hangs up.
func (t Target) visit(ctx context.Context, n uint64) error {
	c, err := t.Dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Greeted(); err != nil {
		return err
	}
	return c.Echo(n)
}

// A Cost is what something has taken.
type Cost struct {
	Elapsed        time.Duration
	Server, Client time.Duration // CPU time; negative if it is not known
}

// start begins to measure the cost; the function that it returns ends that.
func (t Target) start() func() Cost {
	server, client, begin := cpu(t.PID), cpu(self), time.Now()
	return func() Cost {
		cost := Cost{time.Since(begin), cpu(t.PID) - server, cpu(self) - client}
		if server < 0 {
			cost.Server = -1
		}
		if client < 0 {
			cost.Client = -1
		}
		return cost
	}
}

var self = os.Getpid()

func cpu(pid int) time.Duration {
	d, err := proc.CPU(pid)
	if err != nil {
		return -1
	}
	return d
}
