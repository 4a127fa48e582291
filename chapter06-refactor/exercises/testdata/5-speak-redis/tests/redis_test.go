//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is the program itself, with -redis, where a test has started it.
func TestMain(m *testing.M) {
	if os.Getenv("WORKBOOK_REDIS") != "" {
		os.Args = []string{os.Args[0], "-redis", "-addr", "127.0.0.1:0"}
		main()
		return
	}
	os.Exit(m.Run())
}

// startRedis runs the program with -redis until the test ends, and returns the address.
func startRedis(t *testing.T) string {
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "WORKBOOK_REDIS=1")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	log := bufio.NewReader(stderr)
	line, _ := log.ReadString('\n')
	_, addr, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	require.True(t, found, "the program doesn't start with -redis, and says: %s", line)
	go io.Copy(io.Discard, log)
	return addr
}

// TestRedis proves that the server speaks the protocol with -redis, to clients that share what they
// store, and that it answers one that has nothing more to send.
func TestRedis(t *testing.T) {
	addr := startRedis(t)
	first, second := dial(t, addr), dial(t, addr)
	first.send("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nhello\r\n")
	first.expect("+OK\r\n")
	second.send("*2\r\n$3\r\nGET\r\n$1\r\n")
	first.send("PING\r\n")
	first.expect("+PONG\r\n")
	second.send("a\r\n*1\r\n$4\r\nPING\r\n")
	second.finish("$5\r\nhello\r\n+PONG\r\n", "one client has stored hello, and another asks for it")
	first.finish("")
}

// TestHangUp proves that a client which sends 64 MiB, though it was refused when it had announced
// them, reads why, and after that the end: a reset would have thrown the reply away.
func TestHangUp(t *testing.T) {
	c := dial(t, startRedis(t))
	c.send(fmt.Sprintf("PING\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$%d\r\n", 64<<20))
	c.expect("+PONG\r\n-ERR Protocol error: invalid bulk length\r\n")
	mib := strings.Repeat("v", 1<<20)
	for i := range 64 {
		_, err := io.WriteString(c.conn, mib)
		require.NoError(t, err, "the server cuts off a client that has sent %d of 64 MiB: a client that writes first and reads then never learns why", i)
	}
	require.NoError(t, c.conn.CloseWrite())
	got, err := io.ReadAll(c.conn)
	require.NoError(t, err, "the session breaks off and the client sees no end")
	require.Equal(t, "", string(got[:min(len(got), 60)]), "the server goes on with a client that doesn't speak the protocol, and takes its data for requests")

	late := dial(t, startRedis(t))
	late.sendAside("*x\r\n" + strings.Repeat("PING\r\n", 1<<18))
	got, err = io.ReadAll(late.conn)
	require.NoError(t, err, "after an error the server should hang up, and a client of which it had not read everything gets a reset; it has read %.60q", got)
	require.Equal(t, "-ERR Protocol error: invalid multibulk length\r\n", string(got[:min(len(got), 60)]), "the reply to a client that doesn't speak the protocol")
}

// TestDeafClient proves that a client which asks for 200 MB and doesn't read holds nobody up, and
// gets all of it when it does read.
func TestDeafClient(t *testing.T) {
	const gets, size = 200, 1_000_000
	addr := startRedis(t)
	deaf, other := dial(t, addr), dial(t, addr)
	deaf.send(fmt.Sprintf("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$%d\r\n%s\r\n", size, strings.Repeat("v", size)))
	deaf.expect("+OK\r\n")
	deaf.send(strings.Repeat("*2\r\n$3\r\nGET\r\n$1\r\na\r\n", gets))
	require.NoError(t, deaf.conn.CloseWrite())
	for range 1000 {
		other.send("PING\r\n")
		other.expect("+PONG\r\n")
	}
	n, err := io.Copy(io.Discard, deaf.conn)
	require.NoError(t, err, "a client reads its replies late, and they break off")
	assert.EqualValues(t, gets*(size+len("$1000000\r\n\r\n")), n, "bytes of replies that a client gets which has asked for %d values of %d bytes, and read late", gets, size)
	other.finish("")
}

// TestRealClients has Redis's own programs talk to the server. They come with the package redis-tools.
func TestRealClients(t *testing.T) {
	for _, program := range []string{"redis-cli", "redis-benchmark"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	host, port, err := net.SplitHostPort(startRedis(t))
	require.NoError(t, err)
	cli := func(stdin string, args ...string) string {
		cmd := exec.Command("redis-cli", append([]string{"-h", host, "-p", port}, args...)...)
		cmd.Stdin = strings.NewReader(stdin)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "redis-cli %s ends with an error, and says: %s", strings.Join(args, " "), out)
		return strings.TrimSpace(string(out))
	}
	assert.Equal(t, "PONG", cli("", "ping"))
	assert.Equal(t, "OK", cli("", "set", "greeting", "hello, world"))
	assert.Equal(t, "hello, world", cli("", "get", "greeting"))
	assert.Equal(t, "1", cli("", "del", "greeting", "nothing"))
	assert.Equal(t, "", cli("", "get", "greeting"))
	assert.Contains(t, cli("", "fly"), "ERR unknown command 'fly'")
	assert.Contains(t, cli(strings.Repeat("*1\r\n$4\r\nPING\r\n", 10_000), "--pipe"), "errors: 0, replies: 10000")

	cmd := exec.Command("redis-benchmark", "-h", host, "-p", port, "-t", "ping,set,get", "-P", "16", "-n", "20000", "-q")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "redis-benchmark ends with an error, and says: %s", out)
	for _, name := range []string{"PING_INLINE", "PING_MBULK", "SET", "GET"} {
		assert.Contains(t, string(bytes.ReplaceAll(out, []byte("\r"), []byte("\n"))), "\n"+name+": ", "redis-benchmark says nothing of %s", name)
	}
	assert.NotContains(t, strings.ReplaceAll(string(out), "WARNING: Could not fetch server CONFIG", ""), "rror", "redis-benchmark has read an error")
}
