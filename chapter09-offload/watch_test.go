//go:build unix

package main

import (
	"context"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter09-offload/worker"
)

// observed is a listener whose connections tell when the server looks whether they are
// broken.
type observed struct {
	*net.TCPListener
	looks chan bool
}

func (o *observed) Accept() (net.Conn, error) {
	conn, err := o.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &observedConn{conn, o}, nil
}

type observedConn struct {
	*net.TCPConn
	listener *observed
}

func (c *observedConn) SyscallConn() (syscall.RawConn, error) {
	raw, err := c.TCPConn.SyscallConn()
	return observedRaw{raw, c.listener}, err
}

type observedRaw struct {
	syscall.RawConn
	listener *observed
}

func (r observedRaw) Read(look func(uintptr) bool) error {
	return r.RawConn.Read(func(fd uintptr) bool {
		defer func() { r.listener.looks <- true }()
		return look(fd)
	})
}

// waiting returns a check that sends its context, and waits for an answer or its end.
func waiting() (chan context.Context, chan bool, checkFunc) {
	begun, answer := make(chan context.Context, 1), make(chan bool)
	return begun, answer, func(ctx context.Context, _ uint64) (bool, error) {
		begun <- ctx
		select {
		case isPrime := <-answer:
			return isPrime, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// TestReset proves that the check for a client that has reset its connection is abandoned.
func TestReset(t *testing.T) {
	pool := worker.NewPool(worker.Options{Workers: 1})
	t.Cleanup(pool.Close)
	begun, _, check := waiting()
	c := greeted(t, startServerWith(t, offload(pool, check)))
	c.send(large)
	ctx := <-begun
	c.reset()
	<-ctx.Done()
}

// TestResetInTheQueue proves that such a client leaves the queue, too.
func TestResetInTheQueue(t *testing.T) {
	pool := worker.NewPool(worker.Options{Workers: 1})
	t.Cleanup(pool.Close)
	begun, answer, check := waiting()
	left := make(chan error, 2)
	addr := startServerWith(t, func(ctx context.Context, n uint64) (bool, error) {
		isPrime, err := offload(pool, check)(ctx, n)
		left <- err
		return isPrime, err
	})
	first := greeted(t, addr)
	first.send(large)
	<-begun
	second := greeted(t, addr)
	second.send(large)
	second.reset()
	select {
	case err := <-left:
		assert.ErrorIs(t, err, context.Canceled, "a client has gone while it waited for a worker, and its check ends with something else")
	case <-time.After(patience):
		t.Error("a client has gone, and its check still waits in the queue: a worker will compute for nobody")
	}
	answer <- true
	first.finish("prime\n")
	assert.Empty(t, begun, "a check has begun for a client that has gone")
}

// TestResetWithMoreRequests proves that nothing more is begun for a client which has asked
// for twenty checks and has reset its connection in the first.
func TestResetWithMoreRequests(t *testing.T) {
	begun, _, check := waiting()
	ended := make(chan error, 20)
	c := greeted(t, startServerWith(t, func(ctx context.Context, n uint64) (bool, error) {
		isPrime, err := check(ctx, n)
		ended <- err
		return isPrime, err
	}))
	c.send(strings.Repeat(large, 20))
	<-begun
	c.reset()
	assert.ErrorIs(t, <-ended, context.Canceled, "a client has gone, and its check ends with something else")
	greeted(t, c.conn.RemoteAddr().String()).finish("") // time for another check, in a wrong server
	assert.Empty(t, begun)
}

// TestLooks proves that the server looks once, and again only when something happens: the
// client sends more, or shuts down its sending side. Neither ends the check.
func TestLooks(t *testing.T) {
	begun, answer, check := waiting()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	looks := make(chan bool, 1000)
	serve(t, &observed{ln.(*net.TCPListener), looks}, check)
	c := greeted(t, ln.Addr().String())
	c.send(large)
	ctx := <-begun
	<-looks
	c.send("^a$")
	<-looks
	require.NoError(t, c.conn.CloseWrite())
	<-looks
	assert.NoError(t, ctx.Err(), "the check is abandoned, though the client is there")
	time.Sleep(time.Second / 4) // time for more looks, in a wrong server
	assert.LessOrEqual(t, len(looks), 1, "looks at a client from which nothing has come: the server turns round and round")
	answer <- true
	got, err := io.ReadAll(c.conn)
	assert.NoError(t, err, "a client that shut down its sending side is owed its replies")
	assert.Equal(t, "prime\nb", string(got), "a client that shut down its sending side gets other replies than it is owed")
}

// TestIdleAfterCheck proves that a client which waits is not idle, and that it is again
// when it has been answered.
func TestIdleAfterCheck(t *testing.T) {
	begun, answer, check := waiting()
	srv := newServer(check)
	srv.IdleTimeout = time.Second / 2
	c := greeted(t, listen(t, srv))
	c.send(large)
	ctx := <-begun
	time.Sleep(srv.IdleTimeout * 5 / 4) // time to close it, in a wrong server
	assert.NoError(t, ctx.Err(), "a client that waits for its answer is taken for one that is idle")
	answer <- true
	got, err := io.ReadAll(c.conn) // to the end
	assert.NoError(t, err, "a client that waits for its answer is cut off")
	assert.Equal(t, "prime\n", string(got), "a client that waits for its answer gets another one")
}

// TestResetWhileDraining proves that a server which stops still notices when a client has
// gone.
func TestResetWhileDraining(t *testing.T) {
	begun, _, check := waiting()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	looks := make(chan bool, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, newServer(check), &observed{ln.(*net.TCPListener), looks})
	c, idle := greeted(t, ln.Addr().String()), greeted(t, ln.Addr().String())
	c.send(large)
	checked := <-begun
	<-looks
	cancel()
	io.ReadAll(idle.conn) // until the server drains, and the deadline of its reads has passed
	c.reset()
	select {
	case <-checked.Done():
	case <-time.After(patience):
		t.Fatal("a client has gone while the server stops, and the check for it goes on")
	}
	assert.NoError(t, <-done)
}

// TestGraceEndsChecks proves that the check for a client who is cut off is abandoned.
func TestGraceEndsChecks(t *testing.T) {
	begun, _, check := waiting()
	srv := newServer(check)
	srv.Grace = time.Millisecond
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := run(ctx, srv, ln)
	greeted(t, ln.Addr().String()).send(large)
	checked := <-begun
	cancel()
	assert.ErrorContains(t, <-done, "1 clients cut off")
	<-checked.Done()
}
