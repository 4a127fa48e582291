package recording

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// A Tap is this end of the pipes to the tracer in a server.
type Tap struct {
	orders, out *os.File
	text        bytes.Buffer
	done        chan error // that the trace has ended, or can't go on
}

const (
	// writeTime is for the server to write the end of a trace.
	writeTime = 10 * time.Second

	// most is how long a trace may be, in bytes: more than can be drawn. That of eight primes and
	// their echoes has a hundredth of it.
	most = 64 << 20
)

// Start starts a program that Build has made.
func Start(ctx context.Context, program string, flags []string) (*Tap, *chapters.Server, error) {
	if why := Unavailable(); why != "" {
		return nil, nil, errors.New(why)
	}
	theirOrders, orders, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer theirOrders.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		orders.Close()
		return nil, nil, err
	}
	defer theirOut.Close()
	t := &Tap{orders: orders, out: out, done: make(chan error, 1)}
	server, err := chapters.StartWith(ctx, program, []*os.File{theirOrders, theirOut}, flags...)
	if err != nil {
		t.Close()
		return nil, nil, err
	}
	return t, server, nil
}

// Close ends the trace without saying what it is of.
func (t *Tap) Close() {
	t.orders.Close()
	t.out.Close()
}

// Begin begins the trace, and returns when it has begun. A server has only one.
func (t *Tap) Begin() error {
	if _, err := io.WriteString(t.orders, "begin\n"); err != nil {
		return err
	}
	header := make([]byte, 16) // it comes when the trace has begun
	if _, err := io.ReadFull(t.out, header); err != nil {
		return fmt.Errorf("%w: it has not begun", trace.ErrCut)
	}
	t.text.Write(header)
	go func() { t.done <- t.read(most) }()
	return nil
}

// read reads the trace. If it gets too long, it is ended, and the rest is thrown away: a server
// must not wait for somebody to read its trace.
func (t *Tap) read(most int64) error {
	if _, err := io.CopyN(&t.text, t.out, most); err != nil {
		if err == io.EOF {
			err = nil
		}
		return err
	}
	t.orders.Close()
	io.Copy(io.Discard, t.out)
	return fmt.Errorf("%w: it has more than %d MiB", trace.ErrCut, most>>20)
}

// End lets the server hear that its clients have left, ends the trace, and returns it. The trace
// says what it is of.
func (t *Tap) End(run trace.Run) ([]byte, error) {
	time.Sleep(settleTime)
	told := t.tell(run)
	select {
	case err := <-t.done:
		return t.text.Bytes(), cmp.Or(err, told)
	case <-time.After(writeTime):
		return nil, fmt.Errorf("%w: the server doesn't end it", trace.ErrCut)
	}
}

// longest is how much of a message is kept in a trace: maxTraceStringLen in the runtime.
const longest = 1024

// tell lets the tracer write into the trace what was recorded, and end it.
func (t *Tap) tell(run trace.Run) error {
	text, err := json.Marshal(run)
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(text, longest) {
		if _, err := fmt.Fprintf(t.orders, "%s\n", piece); err != nil {
			return err
		}
	}
	return t.orders.Close()
}
