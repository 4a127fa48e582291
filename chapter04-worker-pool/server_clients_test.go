package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIdleClient proves that a client which says nothing blocks nobody.
func TestIdleClient(t *testing.T) {
	addr := startServer(t)
	idle, other := greeted(t, addr), greeted(t, addr)
	other.send("^P7$")
	other.finish("prime\n")
	idle.finish("")
}

// TestClientThatDoesNotRead sends and sends and reads nothing, while another client
// is served. In the end the sender is stuck, as it must be: what the server does not
// read, it does not have to hold. Then it reads, and nothing is lost.
func TestClientThatDoesNotRead(t *testing.T) {
	addr := startServer(t)
	deaf, other := greeted(t, addr), greeted(t, addr)
	stuck := make(chan string, 1)
	go func() { stuck <- sendUntilStuck(deaf.conn) }()
	var sent string
	for sent == "" {
		other.send("^echo$")
		other.expect("fdip")
		select {
		case sent = <-stuck:
		default:
		}
	}
	assert.Less(t, len(sent), most-1<<20, "the server reads on")
	other.send("^" + sent[:100_000] + "$")
	other.expect(plusOne(sent[:100_000])) // through the server's buffers, if clients share them

	require.NoError(t, deaf.conn.CloseWrite())
	got, err := io.ReadAll(deaf.conn)
	require.NoError(t, err)
	assert.True(t, plusOne(sent) == string(got), "%d bytes, want %d", len(got), len(sent))
	other.finish("")
}

// most is more than the buffers of two sockets hold.
const most = 60 << 20

// sendUntilStuck sends the payload of an echo until one more chunk can't be sent within
// half a second, or most of it has been, and returns what was sent.
func sendUntilStuck(conn net.Conn) string {
	const chunk = 1 << 16
	payload := strings.Repeat("0123456789abcdefghijklmnopqrst", most/30)
	io.WriteString(conn, "^")
	sent := 0
	for err := error(nil); err == nil && sent+chunk < len(payload); {
		var n int
		conn.SetWriteDeadline(time.Now().Add(time.Second / 2))
		n, err = io.WriteString(conn, payload[sent:sent+chunk])
		sent += n
	}
	return payload[:sent]
}
