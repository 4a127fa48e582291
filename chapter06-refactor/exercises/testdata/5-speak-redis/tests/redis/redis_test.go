package redis

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// talk sends the pieces to a session, and returns what the server says and the error that ends it. A
// piece comes when there is nothing more to say to those before.
func talk(s *Session, pieces ...string) (string, error) {
	buffer := make([]byte, 0, 1<<16)
	out := s.Open(nil)
	for _, piece := range pieces {
		buffer = append(buffer[:0], piece...)
		in := buffer
		for first := true; first || s.Busy(); first = false {
			var err error
			if out, err = s.Receive(out, in); err != nil {
				return string(out), err
			}
			copy(buffer, strings.Repeat("another client's bytes", len(buffer)/20+1)[:len(buffer)])
			in = nil
		}
	}
	return string(out), nil
}

func newSession() *Session { return &Session{Store: Store{}} }

// request writes a request as clients do: an array of bulk strings.
func request(args ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, arg := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(arg), arg)
	}
	return b.String()
}

var conversations = []struct{ name, send, want string }{
	{"ping", request("PING"), "+PONG\r\n"},
	{"ping with a message", request("PING", "hello"), "$5\r\nhello\r\n"},
	{"echo", request("ECHO", "hello"), "$5\r\nhello\r\n"},
	{"echo of nothing", request("ECHO", ""), "$0\r\n\r\n"},
	{"get of a key that is not there", request("GET", "a"), "$-1\r\n"},
	{"set and get", request("SET", "a", "1") + request("GET", "a"), "+OK\r\n$1\r\n1\r\n"},
	{"set twice", request("SET", "a", "1") + request("SET", "a", "22") + request("GET", "a"), "+OK\r\n+OK\r\n$2\r\n22\r\n"},
	{"an empty value is a value", request("SET", "a", "") + request("GET", "a"), "+OK\r\n$0\r\n\r\n"},
	{"any byte may be in a value", request("SET", "\r\n", "$1\r\n*\x00\xff") + request("GET", "\r\n"), "+OK\r\n$7\r\n$1\r\n*\x00\xff\r\n"},
	{"del", request("SET", "a", "1") + request("DEL", "a") + request("GET", "a"), "+OK\r\n:1\r\n$-1\r\n"},
	{"del counts what was there", request("SET", "a", "1") + request("SET", "b", "1") + request("DEL", "a", "c", "a", "b"), "+OK\r\n+OK\r\n:2\r\n"},
	{"capitals don't matter", request("ping") + request("eChO", "A"), "+PONG\r\n$1\r\nA\r\n"},
	{"keys have capitals", request("SET", "a", "1") + request("GET", "A"), "+OK\r\n$-1\r\n"},
	{"unknown command", request("FLY", "me") + request("PING"), "-ERR unknown command 'FLY'\r\n+PONG\r\n"},
	{"too few arguments", request("GET") + request("set", "a") + request("DEL"), "-ERR wrong number of arguments for 'get' command\r\n" +
		"-ERR wrong number of arguments for 'set' command\r\n-ERR wrong number of arguments for 'del' command\r\n"},
	{"too many arguments", request("PING", "a", "b") + request("Get", "a", "b") + request("SET", "a", "1", "EX", "10") + request("GET", "a"),
		"-ERR wrong number of arguments for 'ping' command\r\n-ERR wrong number of arguments for 'get' command\r\n" +
			"-ERR wrong number of arguments for 'set' command\r\n$-1\r\n"},
	{"an array of nothing", "*0\r\n*-1\r\n" + request("PING"), "+PONG\r\n"},
	{"inline", "PING\r\nset a 1\r\nGET a\n", "+PONG\r\n+OK\r\n$1\r\n1\r\n"},
	{"inline with spaces", "  echo   hello \r\n\r\n\nPING\r\n", "$5\r\nhello\r\n+PONG\r\n"},
	{"inline and arrays", "PING\r\n" + request("PING") + "PING\r\n", "+PONG\r\n+PONG\r\n+PONG\r\n"},
}

// TestReplies proves that every request has its reply, byte for byte, and that after an error the
// conversation goes on.
func TestReplies(t *testing.T) {
	for _, c := range conversations {
		t.Run(c.name, func(t *testing.T) {
			got, err := talk(newSession(), c.send)
			require.NoError(t, err, "the server ends the session of a client that has sent %q", c.send)
			assert.Equal(t, c.want, got, "the client has sent %q, and reads something else than the reply", c.send)
		})
	}
}

// TestEveryCut proves that it doesn't matter where the network cuts what a client sends.
func TestEveryCut(t *testing.T) {
	var send, want strings.Builder
	for _, c := range conversations {
		send.WriteString(c.send + request("DEL", "a"))
		reply, err := talk(newSession(), c.send+request("DEL", "a"))
		require.NoError(t, err, "the session ends for a request that is right")
		want.WriteString(reply)
	}
	all := send.String()
	require.NotEmpty(t, want.String(), "the server should reply to %.40q, and says nothing", all)
	for i := range len(all) {
		got, err := talk(newSession(), all[:i], all[i:])
		require.NoError(t, err, "the server ends the session of a client whose bytes were cut after %q", all[max(0, i-20):i])
		require.Equal(t, want.String(), got, "the bytes were cut after %q, and the client reads other replies than to the whole", all[max(0, i-20):i])
	}
	got, err := talk(newSession(), strings.Split(all, "")...)
	require.NoError(t, err, "the server ends the session of a client whose bytes come one at a time")
	assert.Equal(t, want.String(), got, "the bytes come one at a time, and the client reads other replies than to the whole")
}

// TestProtocolErrors proves that a client which doesn't speak the protocol is told why, after the
// replies that it is owed, and that its session ends as soon as this is clear.
func TestProtocolErrors(t *testing.T) {
	tests := []struct{ name, send, want string }{
		{"no number of arguments", "*\r\n", "invalid multibulk length"},
		{"a number of arguments that is none", "*1x\r\n", "invalid multibulk length"},
		{"too many arguments", "*1025\r\n", "invalid multibulk length"},
		{"a number of arguments that wraps around", "*18446744073709551617\r\n", "invalid multibulk length"},
		{"a number of arguments without an end", "*" + strings.Repeat("0", 100), "invalid multibulk length"},
		{"no bulk string", "*1\r\n:", "expected '$', got ':'"},
		{"a line end where a bulk string should be", "*1\r\n\r", "expected '$', got ' '"},
		{"no length", "*1\r\n$\r\n", "invalid bulk length"},
		{"a negative length", "*1\r\n$-1\r\n", "invalid bulk length"},
		{"a length that wraps around", "*1\r\n$18446744073709551620\r\n", "invalid bulk length"},
		{"a length without an end", "*1\r\n$" + strings.Repeat("0", 100), "invalid bulk length"},
		{"a value of 64 MiB", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$67108864\r\n", "invalid bulk length"},
		{"one byte too much", fmt.Sprintf("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$%d\r\n", MaxRequest-3), "invalid bulk length"},
		{"a bulk string that is longer than it says", "*2\r\n$4\r\nECHO\r\n$1\r\nab\r\n", "expected CRLF after a bulk string"},
		{"a line without an end", strings.Repeat("a ", 1<<15), "too big inline request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := "+PONG\r\n-ERR Protocol error: " + test.want + "\r\n"
			got, err := talk(newSession(), "PING\r\n"+test.send)
			assert.Equal(t, want, got, "the client has sent PING and %.40q, and should be told what is wrong with that", test.send)
			assert.Error(t, err, "the server goes on with a client that has sent %.40q, and takes its data for requests", test.send)
			got, err = talk(newSession(), strings.Split("PING\r\n"+test.send, "")...)
			assert.Equal(t, want, got, "the client has sent PING and %.40q, a byte at a time, and should be told what is wrong with that", test.send)
			assert.Error(t, err, "the server goes on with a client that has sent %.40q, a byte at a time", test.send)
		})
	}
}

// TestLargest proves that what is not too much is stored and found.
func TestLargest(t *testing.T) {
	value := strings.Repeat("v", MaxRequest-len("SETa"))
	s := newSession()
	got, err := talk(s, request("SET", "a", value))
	require.NoError(t, err, "the server refuses a request whose arguments have %d bytes, no more than it may have", MaxRequest)
	require.Equal(t, "+OK\r\n", got)
	got, err = talk(s, request("GET", "a"))
	require.NoError(t, err)
	assert.True(t, got == fmt.Sprintf("$%d\r\n%s\r\n", len(value), value), "the client has stored %d bytes, and reads %d, with the reply's frame", len(value), len(got))
	args := make([]string, MaxArgs)
	args[0] = "DEL"
	for i := range args[1:] {
		args[i+1] = fmt.Sprint("key", i)
	}
	got, err = talk(s, request(args...))
	require.NoError(t, err, "the server refuses a request of %d arguments, no more than it may have", MaxArgs)
	assert.Equal(t, ":0\r\n", got)
}

// TestErrorIsOneLine proves that a client can't make the server say something in two lines, of which
// the second is taken for the reply to the next request; and that an error is short.
func TestErrorIsOneLine(t *testing.T) {
	got, err := talk(newSession(), request("a\r\n+OK\n")+request("PING"))
	require.NoError(t, err, "the session ends for a command that is unknown: that costs its client an error, no more")
	assert.Equal(t, "-ERR unknown command 'a  +OK '\r\n+PONG\r\n", got, "the command's name has line ends, and the error has more than one: the client takes what follows for its next replies")
	got, err = talk(newSession(), request(strings.Repeat("x", 100_000)))
	require.NoError(t, err, "the session ends for a command that is unknown: that costs its client an error, no more")
	assert.Equal(t, "-ERR unknown command '"+strings.Repeat("x", 64)+"'\r\n", got, "an error quotes the first 64 bytes of a name; this one has %d bytes", len(got))
}

// TestPipeline proves that a client may send 10,000 requests without a pause, which come in pieces as
// large as the server's buffer.
func TestPipeline(t *testing.T) {
	var send, want strings.Builder
	for i := range 10_000 {
		key, value := fmt.Sprint("key", i%10), fmt.Sprint("value", i)
		send.WriteString(request("SET", key, value) + request("GET", key))
		fmt.Fprintf(&want, "+OK\r\n$%d\r\n%s\r\n", len(value), value)
	}
	var pieces []string
	for rest := send.String(); rest != ""; {
		n := min(16<<10, len(rest))
		pieces, rest = append(pieces, rest[:n]), rest[n:]
	}
	got, err := talk(newSession(), pieces...)
	require.NoError(t, err, "the session ends for a request that is right")
	require.Equal(t, want.Len(), len(got), "bytes of replies to 10,000 pairs of SET and GET; the first reply that is wrong is at %d", differ(want.String(), got))
	assert.Equal(t, -1, differ(want.String(), got), "where the first wrong byte in the replies to 10,000 pairs of SET and GET is")
}

// differ returns where two strings differ, or -1.
func differ(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

// allocated returns how many bytes of memory a function needs, also if it gives them back.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestAnnounced proves that it costs a client more than a few bytes to make the server take memory.
func TestAnnounced(t *testing.T) {
	for _, announced := range []string{"*1024\r\n", "*2\r\n$4\r\nECHO\r\n$1000000\r\n", "*2\r\n$1000000\r\n"} {
		s := newSession()
		_, err := s.Receive(nil, []byte(request("PING")))
		require.NoError(t, err, "the session ends for a request that is right")
		n := allocated(func() { _, err = s.Receive(nil, []byte(announced)) })
		assert.NoError(t, err, "the session ends for a beginning that may become a right request")
		assert.Less(t, n, 20_000, "bytes of memory that the server takes for a client which has sent %q and no more", announced)
	}
}

// TestPieces proves that a long value which comes in many small pieces is not copied at each.
func TestPieces(t *testing.T) {
	const size, piece = 1_000_000, 100
	s := newSession()
	value := []byte(strings.Repeat("v", piece))
	n := allocated(func() {
		s.Receive(nil, fmt.Appendf(nil, "*2\r\n$4\r\nECHO\r\n$%d\r\n", size))
		for range size / piece {
			s.Receive(nil, value)
		}
	})
	got, err := s.Receive(nil, []byte("\r\n"))
	require.NoError(t, err, "the session ends for a request that is right")
	assert.Len(t, got, size+len("$1000000\r\n\r\n"), "bytes of the reply")
	assert.Less(t, n, 20*size, "bytes of memory that the server takes, and gives back, for a value of %d bytes in pieces of %d", size, piece)
}

// TestRepliesAreBounded proves that a client which asks for a lot in few bytes, and perhaps doesn't
// read, doesn't fill the server's memory with its replies.
func TestRepliesAreBounded(t *testing.T) {
	const gets, size = 100, 1_000_000
	s := newSession()
	_, err := talk(s, request("SET", "a", strings.Repeat("v", size)))
	require.NoError(t, err, "the session ends for a request that is right")
	in := []byte(strings.Repeat(request("GET", "a"), gets) + "PING\r\nPI")
	total := 0
	for turn := 1; turn == 1 || s.Busy(); turn++ {
		out, err := s.Receive(nil, in)
		require.NoError(t, err, "the session ends for a request that is right")
		require.Less(t, len(out), 3*size, "bytes of replies that the server makes in one turn, of a client that has asked for a value of %d bytes %d times", size, gets)
		require.Less(t, turn, 2*gets, "turns, and the server still says that it has more to say")
		total, in = total+len(out), nil
	}
	assert.Equal(t, gets*(size+len("$1000000\r\n\r\n"))+len("+PONG\r\n"), total, "bytes of the replies: the server doesn't answer all that it has read")
	out, err := s.Receive(nil, []byte("NG\r\n"))
	require.NoError(t, err, "the session ends for a request that is right")
	assert.Equal(t, "+PONG\r\n", string(out), "the end of a request whose beginning came while the server had a lot to say")
	assert.False(t, s.Busy(), "the server says that it has more to say to a client that it has answered: the loop turns round and round")
}

// TestMemoryIsReturned proves that a client which has stored something large, and begun its next
// request, and is idle, has cost memory for a moment only.
func TestMemoryIsReturned(t *testing.T) {
	const clients = 50
	sessions := make([]*Session, clients)
	heap := func() int {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return int(stats.HeapAlloc)
	}
	before := heap()
	for i := range sessions {
		sessions[i] = newSession()
		for _, piece := range []string{"*2\r\n$3\r\nDEL\r\n$1000000\r\n", strings.Repeat("k", 1_000_000) + "\r", "\n*1\r\n$4\r\nPI"} {
			_, err := talk(sessions[i], piece)
			require.NoError(t, err, "the session ends for a request that is right")
		}
	}
	assert.Less(t, (heap()-before)/clients, 100_000, "bytes of memory that a client keeps after a long request, while it is idle")
	for _, s := range sessions {
		got, err := talk(s, "NG\r\n")
		require.NoError(t, err, "the session ends for a request that is right")
		require.Equal(t, "+PONG\r\n", got)
	}
}

// TestInputIsTheCallers proves that neither a stored value nor the beginning of a request is in the
// buffer into which the loop reads the next client's bytes.
func TestInputIsTheCallers(t *testing.T) {
	store := Store{}
	first, second := &Session{Store: store}, &Session{Store: store}
	buffer := []byte(request("SET", "key", "value") + "*2\r\n$3\r\nGET\r\n$3\r\nk")
	before := bytes.Clone(buffer)
	_, err := first.Receive(nil, buffer)
	require.NoError(t, err, "the session ends for a request that is right")
	assert.Equal(t, before, buffer, "the server has written into the caller's buffer")
	copy(buffer, bytes.Repeat([]byte("x"), len(buffer)))
	got, err := talk(second, request("GET", "key"))
	require.NoError(t, err, "the session ends for a request that is right")
	assert.Equal(t, "$5\r\nvalue\r\n", got, "a value is not any more what its client has stored")
	got, err = talk(first, "ey\r\n")
	require.NoError(t, err, "the session ends for a request that is right")
	assert.Equal(t, "$5\r\nvalue\r\n", got, "the beginning of a request is not any more what its client has sent")
}

// TestNoAllocation proves that requests which store nothing cost no memory.
func TestNoAllocation(t *testing.T) {
	s := newSession()
	_, err := talk(s, request("SET", "key", "value"))
	require.NoError(t, err, "the session ends for a request that is right")
	in := []byte(request("PING") + request("echo", "hello") + request("GET", "key") + request("GET", "none") + request("DEL", "none") + "PING\r\n")
	out, err := s.Receive(make([]byte, 0, 1000), in)
	require.NoError(t, err, "the session ends for a request that is right")
	require.Len(t, out, len("+PONG\r\n$5\r\nhello\r\n$5\r\nvalue\r\n$-1\r\n:0\r\n+PONG\r\n"), "bytes of replies, which are %q", out)
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.Receive(out[:0], in) }), "allocations for six requests that store nothing")
}

// TestNoIO proves that the package can't do I/O: nothing below it can.
func TestNoIO(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for _, io := range []string{"net", "os", "syscall", "golang.org/x/sys/unix"} {
		assert.NotContains(t, strings.Fields(string(deps)), io, "the package can do I/O, by this one: its tests can't be sure that they know all of its input")
	}
}
