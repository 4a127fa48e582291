package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThreeRequests replays clients/simple_test_client.py: the same three clients
// send the same bytes in the same order. UPDATE_GOLDEN=1 rewrites the golden file.
func TestThreeRequests(t *testing.T) {
	addr, begun := startScript(t)
	golden := filepath.Join("testdata", "three_requests.golden")

	got := replay(t, addr, begun)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the clients finished in another order (-want +got):\n%s", diff)
	}
}

// replay returns a line for each client, in the order in which they finish.
// LongPrime asks first. Then the others connect, and each asks when it is greeted
// and the one before it has been answered.
func replay(t *testing.T, addr string, begun <-chan struct{}) string {
	long := connect(t, addr, "LongPrime", "P2305843009213693951")
	long.ask()
	select { // a loop that was kept waiting would greet the others before it looks at LongPrime
	case <-begun:
	case <-time.After(patience):
		require.Fail(t, "LongPrime has asked, and no check begins")
	}
	echo := connect(t, addr, "Echo", "echo")
	small := connect(t, addr, "SmallPrime", "P7")

	longLine := make(chan string, 1)
	var reader sync.WaitGroup
	reader.Go(func() { longLine <- long.answer() })
	t.Cleanup(func() { // it does not outlive the test
		long.conn.Close()
		reader.Wait()
	})
	var transcript strings.Builder
	for _, next := range []*scripted{echo, small} {
		next.ask()
		line := next.answer()
		if first, ok := soon(longLine); ok { // of two replies that are there, LongPrime's came first
			fmt.Fprintln(&transcript, first)
			longLine = nil
		}
		fmt.Fprintln(&transcript, line)
	}
	if longLine != nil {
		fmt.Fprintln(&transcript, <-longLine)
	}
	return transcript.String()
}

// telling returns a check that also says when it is called first.
func telling(check checkFunc) (checkFunc, <-chan struct{}) {
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	return func(ctx context.Context, n uint64) (bool, error) {
		begin()
		return check(ctx, n)
	}, begun
}

// soon returns the line if it is there. The line of a reply that was sent is there within
// milliseconds; a busy machine gets ten chances.
func soon(lines <-chan string) (string, bool) {
	for range 10 {
		select {
		case line := <-lines:
			return line, true
		case <-time.After(20 * time.Millisecond):
		}
	}
	return "", false
}

// scripted is one client of the script.
type scripted struct {
	t             *testing.T
	name, payload string
	conn          net.Conn
	replies       *bufio.Reader
}

func connect(t *testing.T, addr, name, payload string) *scripted {
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(3*patience))) // LongPrime takes seconds
	return &scripted{t: t, name: name, payload: payload, conn: conn, replies: bufio.NewReader(conn)}
}

// ask sends the request when the server has greeted the client.
func (c *scripted) ask() {
	greeting, err := c.replies.ReadByte()
	require.NoError(c.t, err)
	require.Equal(c.t, "*", string(greeting))
	_, err = fmt.Fprintf(c.conn, "^%s$", c.payload)
	require.NoError(c.t, err)
}

// answer reads the reply, hangs up and returns the client's line. An echo is as long
// as its payload; the other replies end with a newline.
func (c *scripted) answer() string {
	defer c.conn.Close()
	if strings.HasPrefix(c.payload, "P") {
		reply, err := c.replies.ReadString('\n')
		assert.NoError(c.t, err, c.name)
		return c.name + ": " + strings.TrimSuffix(reply, "\n")
	}
	reply := make([]byte, len(c.payload))
	_, err := io.ReadFull(c.replies, reply)
	assert.NoError(c.t, err, c.name)
	for i := range reply {
		reply[i]--
	}
	return c.name + ": " + string(reply)
}
