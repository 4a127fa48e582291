package server

import (
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// bubble runs a test with a connection and its client, in a time that is not real.
func bubble(t *testing.T, idle, write time.Duration, test func(t *testing.T, c *conn, client net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		client, inner := net.Pipe()
		defer client.Close()
		c := newConn(inner, idle, write)
		defer c.Close()
		test(t, c, client)
	})
}

// TestWriteCounts proves that Write says how much it has sent, in one attempt or in two together.
func TestWriteCounts(t *testing.T) {
	bubble(t, 0, 10*time.Second, func(t *testing.T, c *conn, client net.Conn) {
		var reader sync.WaitGroup
		reader.Go(func() {
			for range 3 {
				time.Sleep(6 * time.Second) // the deadline of the first attempt passes after the first piece
				client.Read(make([]byte, 2))
			}
		})
		n, err := c.Write([]byte("abcd"))
		assert.NoError(t, err, "a client takes its reply slowly but in time, and is cut off")
		assert.Equal(t, 4, n, "bytes that Write says it has sent; the client got all four, two of them late")
		assert.False(t, c.timedOut, "a client that was slow, and no more, will be reset")
		n, err = c.Write([]byte("abcd"))
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "a client takes half of a write and no more, and Write says something else")
		assert.Equal(t, 2, n, "bytes that Write says it has sent, of which the client took two and no more")
		client.Close()
		reader.Wait()
	})
	bubble(t, 0, 10*time.Second, func(t *testing.T, c *conn, client net.Conn) {
		var reader sync.WaitGroup
		reader.Go(func() {
			io.ReadFull(client, make([]byte, 4+2))
			client.Close()
		})
		n, err := c.Write([]byte("abcd"))
		assert.NoError(t, err, "a client takes its reply at once, and Write fails")
		assert.Equal(t, 4, n, "bytes that Write says it has sent to a client that took all four at once")
		n, err = c.Write([]byte("abcd"))
		assert.ErrorIs(t, err, io.ErrClosedPipe, "a client has left in the middle of a write, and Write says something else")
		assert.Equal(t, 2, n, "bytes that Write says it has sent, of which the client took two before it left")
		reader.Wait()
	})
}

// TestReadEnds proves that the input of a client that is silent for too long ends like that of a
// client that has left, and so does the input when the server stops: neither is a failure.
func TestReadEnds(t *testing.T) {
	bubble(t, 10*time.Second, 0, func(t *testing.T, c *conn, client net.Conn) {
		_, err := c.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err, "a client was silent for too long")
	})
	bubble(t, 10*time.Second, 0, func(t *testing.T, c *conn, client net.Conn) {
		begin := time.Now()
		c.stopInput(begin.Add(drainPause))
		_, err := c.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err, "the server stops, and a client has nothing to say")
		assert.Less(t, time.Since(begin), time.Second, "a stop waits for the idle timeout")
	})
}

// TestLastInput proves that the server, when it stops, reads a megabyte of what a client sends
// without an end, and no more: or the stop would last as long as the client likes.
func TestLastInput(t *testing.T) {
	bubble(t, 0, 0, func(t *testing.T, c *conn, client net.Conn) {
		sent := make(chan int)
		go func() {
			time.Sleep(3 * drainPause / 2)
			n, _ := io.WriteString(client, strings.Repeat("a", 4<<20))
			sent <- n
		}()
		c.stopInput(time.Now().Add(drainPause))
		read, buf := 0, make([]byte, 8192)
		for err := error(nil); err == nil; {
			var n int
			n, err = c.Read(buf)
			read += n
		}
		c.Close()
		assert.Equal(t, 1<<20, read, "bytes that are read after the end, from a client that sends on and on")
		assert.Equal(t, read, <-sent, "bytes that the client could send, of which the server has read %d", read)
	})
}

// TestReadWhatCame proves that the last input is all that had come, and that nobody waits for
// more.
func TestReadWhatCame(t *testing.T) {
	bubble(t, 0, 0, func(t *testing.T, c *conn, client net.Conn) {
		var sender sync.WaitGroup
		sender.Go(func() {
			time.Sleep(3 * drainPause / 2)
			io.WriteString(client, strings.Repeat("a", 1000)) // two reads
			io.WriteString(client, "too late")
		})
		begin := time.Now()
		c.stopInput(begin.Add(drainPause))
		var sizes []int
		buf := make([]byte, 512)
		for err := error(nil); err == nil; {
			var n int
			n, err = c.Read(buf)
			sizes = append(sizes, n)
		}
		assert.Equal(t, []int{512, 488, 0}, sizes, "bytes in each read of a thousand, until the end")
		assert.Less(t, time.Since(begin), 2*drainPause, "a server that stops waits for more")
		c.Close()
		sender.Wait()
	})
}

// TestStopAtAnyTime proves, with the race detector, that a stop may come while a reader looks at
// its deadline, and that it is the stop's from then on.
func TestStopAtAnyTime(t *testing.T) {
	_, inner := net.Pipe()
	c := newConn(inner, time.Hour, 0)
	extended := make(chan struct{})
	go func() {
		defer close(extended)
		for range 1000 {
			c.extend(time.Now())
		}
	}()
	end := time.Now().Add(time.Minute)
	for range 1000 {
		c.stopInput(end)
	}
	<-extended
	got, stopping := c.extend(time.Now())
	assert.True(t, stopping, "the server stops, and a reader does not know")
	assert.Equal(t, end, got, "the server stops, and a reader has moved the end of the input")
}
