package redis

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRealServer proves that these tests ask for what Redis says: they hold its own server, if it is
// there, to the conversations of TestReplies. In two of them you may say less than it does.
func TestRealServer(t *testing.T) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "socket")
	cmd := exec.Command(program, "--port", "0", "--unixsocket", path, "--save", "", "--dir", dir)
	require.NoError(t, cmd.Start())
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	var conn net.Conn
	for try := 0; conn == nil && try < 1000; try++ {
		if conn, err = net.Dial("unix", path); err != nil {
			time.Sleep(10 * time.Millisecond) // until it serves
		}
	}
	require.NoError(t, err)
	defer conn.Close()
	for _, c := range conversations {
		if c.name == "unknown command" || c.name == "too many arguments" {
			continue // Redis quotes the arguments too, and knows more of them
		}
		const end = "the end of the conversation"
		_, err := fmt.Fprint(conn, request("FLUSHALL")+c.send+request("ECHO", end))
		require.NoError(t, err)
		want := "+OK\r\n" + c.want + fmt.Sprintf("$%d\r\n%s\r\n", len(end), end)
		got, buf := "", make([]byte, 1000)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		for !strings.HasSuffix(got, end+"\r\n") {
			n, err := conn.Read(buf)
			require.NoError(t, err)
			got += string(buf[:n])
		}
		assert.Equal(t, want, got, "%s: Redis has been sent %q", c.name, c.send)
	}
}
