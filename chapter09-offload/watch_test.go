package main

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// breakable is a connection that a test can break, as a reset does. It counts how often
// the server looks.
type breakable struct {
	net.Conn
	looks  atomic.Int64
	broken atomic.Bool
}

func (b *breakable) SyscallConn() (syscall.RawConn, error) {
	b.looks.Add(1)
	if b.broken.Load() {
		return nil, net.ErrClosed
	}
	return healthy{}, nil
}

// healthy is a socket without an error.
type healthy struct{ syscall.RawConn }

func (healthy) Control(func(uintptr)) error { return nil }

// TestWatch proves that the server looks after a client for as long as its check takes,
// and no longer, and that it notices within milliseconds when the client has gone.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, answer, check := waiting()
		srv, ln := newServer(nil), newPipeListener()
		srv.Offload = check
		run(t.Context(), srv, ln)
		client, inner := net.Pipe()
		defer client.Close()
		conn := &breakable{Conn: inner}
		ln.backlog <- conn
		io.ReadFull(client, make([]byte, len("*")))

		io.WriteString(client, large)
		ctx := <-begun
		time.Sleep(time.Minute)
		synctest.Wait()
		looks := conn.looks.Load()
		assert.Greater(t, looks, int64(1000))
		assert.NoError(t, ctx.Err())
		answer <- true
		io.ReadFull(client, make([]byte, len("prime\n")))
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, looks, conn.looks.Load())

		io.WriteString(client, large)
		ctx = <-begun
		time.Sleep(time.Minute)
		conn.broken.Store(true)
		left := time.Now()
		<-ctx.Done()
		assert.Less(t, time.Since(left), 100*time.Millisecond)
	})
}

// TestGraceEndsChecks proves that the check for a client who is cut off is abandoned.
func TestGraceEndsChecks(t *testing.T) {
	begun, _, check := waiting()
	srv := newServer(nil)
	srv.Offload, srv.Grace = check, time.Millisecond
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
