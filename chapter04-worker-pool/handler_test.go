package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// slow is a request whose check takes longer than a write.
const slow = "^P2305843009213693951$"

// tape is a client in memory: it plays its segments and counts the writes. Like any
// io.Reader, it may return the last bytes together with io.EOF.
type tape struct {
	segments []string
	replies  strings.Builder
	writes   int
}

func (t *tape) Read(p []byte) (int, error) {
	if len(t.segments) == 0 {
		return 0, io.EOF
	}
	n := copy(p, t.segments[0])
	if t.segments[0] = t.segments[0][n:]; t.segments[0] == "" {
		t.segments = t.segments[1:]
	}
	if len(t.segments) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (t *tape) Write(p []byte) (int, error) {
	t.writes++
	return t.replies.Write(p)
}

// odd is prime enough here.
func odd(n uint64) (bool, error) { return n%2 == 1, nil }

func play(segments ...string) *tape {
	t := &tape{segments: segments}
	if err := Handle(t, odd); err != nil {
		panic(err)
	}
	return t
}

// TestReplies proves what the protocol says of each kind of request.
func TestReplies(t *testing.T) {
	got := play("^echo$^P7$^P8$^P$^Px$^P99999999999999999999$^\xff$").replies.String()
	assert.Equal(t, "*fdipprime\ncomposite\n"+
		"error: no digits\nerror: not a number\nerror: number too large\n\x00", got, "a client sends one request of each kind, and gets other replies")
}

// TestNumberInSegments proves that a number is put together again, in however many reads it comes.
func TestNumberInSegments(t *testing.T) {
	assert.Equal(t, "*prime\n", play("^P", "1", "0", "1", "$").replies.String(), "a number comes a digit at a time, and the client gets another reply")
	assert.Equal(t, "*error: not a number\n", play("^Px", "1", "$").replies.String(), "a number is wrong in its first segment, and the client gets another reply")
}

// TestOneWriteForEachRead proves that the replies to what one read brought go out in one write.
func TestOneWriteForEachRead(t *testing.T) {
	tests := []struct {
		name, segments, replies string
		writes                  int
	}{
		{"the greeting", "", "*", 1},
		{"four replies to one segment", "^a$^P7$^b$^Px$", "*bprime\ncerror: not a number\n", 2},
		{"an echo in two segments", "^a|b$", "*bc", 3},
		{"nothing to say", "noise|^P12", "*", 1},
		{"what is ready before a long check, and the rest", "^a$^P7$" + slow + "^b$", "*bprime\nprime\nc", 3},
		{"nothing is ready before the first of two long checks", slow + slow, "*prime\nprime\n", 3},
		{"the largest number that is cheap needs no write of its own", fmt.Sprintf("^a$^P%d$^b$", Cheap-1), "*bprime\nc", 2},
		{"the smallest number that is not cheap keeps an echo waiting", fmt.Sprintf("^a$^P%d$^b$", Cheap), "*bcomposite\nc", 3},
	}
	for _, test := range tests {
		client := play(strings.Split(test.segments, "|")...)
		assert.Equal(t, test.replies, client.replies.String(), "%s: the client gets other replies than it is owed", test.name)
		assert.Equal(t, test.writes, client.writes, "writes to the client: %s", test.name)
	}
}

// TestCheckFails proves that a check which fails ends the session, without a wrong answer.
func TestCheckFails(t *testing.T) {
	failure := errors.New("failure")
	client := &tape{segments: []string{"^a$" + slow + "^b$"}}
	assert.Equal(t, failure, Handle(client, func(uint64) (bool, error) { return true, failure }), "a check has failed, and the session ends as if it had not")
	assert.Equal(t, "*b", client.replies.String(), "a check fails: the client is owed what came before, and nothing else")
}

// broken is a client whose connection fails after some bytes have been read, or after some
// writes.
type broken struct {
	tape
	failure error
	takes   int // how many writes succeed
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.tape.Read(p)
	if err == io.EOF {
		err = b.failure
	}
	return n, err
}

func (b *broken) Write(p []byte) (int, error) {
	if b.writes == b.takes {
		return 0, b.failure
	}
	return b.tape.Write(p)
}

// TestConnectionFails proves that nobody works for a client to which nothing can be sent, and
// that the server learns why a session has ended.
func TestConnectionFails(t *testing.T) {
	failure := errors.New("connection reset")
	for takes, want := range []int{0, 0, 1, 2} {
		checks := 0
		client := &broken{tape{segments: []string{"^a$" + slow + slow + slow}}, failure, takes}
		err := Handle(client, func(uint64) (bool, error) { checks++; return true, nil })
		assert.Equal(t, want, checks, "after %d writes the client has gone, and still the server checks numbers for it", takes)
		assert.Equal(t, failure, err, "a write has failed, and the session ends as if it had not")
	}
	client := &broken{tape{segments: []string{"^a$"}}, failure, 10}
	assert.Equal(t, failure, Handle(client, odd), "a read has failed, and the session ends as if the client had left")
	assert.Equal(t, "*b", client.replies.String(), "what came before the failure is answered")
	client = &broken{tape{segments: []string{"^a$"}}, failure, 1}
	assert.Equal(t, failure, Handle(client, odd), "the last write has failed, and the session ends as if it had not")
	client = &broken{tape{segments: []string{"^a$"}}, failure, 0}
	assert.Equal(t, failure, Handle(client, odd), "the greeting could not be sent, and the session ends as if it had been")
	assert.Len(t, client.segments, 1, "a client could not be greeted, and is read from")
}

// TestFullBuffers proves that a frame which ends together with the read buffer is over.
func TestFullBuffers(t *testing.T) {
	for full := minBuffer; full <= 5*maxBuffer; full += minBuffer {
		for size := full - 1; size <= full+1; size++ {
			payload := strings.Repeat("a", size-2)
			got := play("^"+payload+"$", "x^b$").replies.String()
			assert.True(t, got == "*"+strings.Repeat("b", size-2)+"c", "after a frame of %d bytes the replies end with %.10q, and not with the next echo", size, got[max(0, len(got)-10):])
		}
	}
}

// TestSessionsShareNothing serves one client in the middle of another's check: neither what the
// first has sent nor its replies may be touched by that.
func TestSessionsShareNothing(t *testing.T) {
	for _, number := range []string{"^P7$", slow} {
		first := &tape{segments: []string{"^abc$" + number + "^def$", "^ghi$"}}
		assert.NoError(t, Handle(first, func(uint64) (bool, error) {
			second := play("^X" + strings.Repeat("x", 1000))
			assert.Equal(t, "*Y"+strings.Repeat("y", 1000), second.replies.String(), "a client is served in the middle of another's check, and gets other replies than its own")
			return true, nil
		}))
		assert.Equal(t, "*bcdprime\nefghij", first.replies.String(), "a client gets replies to what another has sent")
	}
}

// TestSlowReader proves that a client which does not take its replies is not read from.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		client.SetDeadline(time.Now().Add(time.Minute)) // when the test fails
		go Handle(server, odd)
		sent := 0
		go func() {
			for _, segment := range []string{"^abc", "def"} {
				io.WriteString(client, segment)
				sent++
			}
		}()
		for taken, reply := range []string{"*", "bcd", "efg"} {
			synctest.Wait()
			assert.Equal(t, taken, sent, "segments sent when %d replies have been taken", taken)
			got := make([]byte, len(reply))
			n, _ := io.ReadFull(client, got)
			assert.Equal(t, reply, string(got[:n]), "a client that reads late gets bytes that are not the replies to its requests")
		}
		client.Close()
	})
}

// TestLargeSegments proves that the read buffer grows with its client: 4,096 bytes
// of payload, which take some reads at first, take one in the end.
func TestLargeSegments(t *testing.T) {
	segment := "^" + strings.Repeat("a", 4096) + "$"
	ten := play(strings.Split(strings.Repeat(segment+"|", 10), "|")[:10]...)
	eleven := play(strings.Split(strings.Repeat(segment+"|", 11), "|")[:11]...)
	assert.True(t, "*"+strings.Repeat("b", 11*4096) == eleven.replies.String(), "the replies are wrong")
	assert.Equal(t, 1, eleven.writes-ten.writes, "writes for one more segment of 4,096 bytes, when the buffer has grown with its client")
}

// TestBufferIsBounded sends a frame that is larger than any buffer should be.
func TestBufferIsBounded(t *testing.T) {
	client := &silentTape{tape: tape{segments: []string{"^" + strings.Repeat("a", 1<<20)}}}
	assert.NoError(t, Handle(client, odd), "a client leaves in the middle of a frame: that is no failure")
	assert.Equal(t, maxBuffer, client.largest, "bytes in the largest read of a megabyte: each client may cost the server that much memory")
}

// TestNoAllocationPerRequest compares a session of a few requests with one of many.
func TestNoAllocationPerRequest(t *testing.T) {
	assert.Equal(t, allocations(10), allocations(1000), "allocations in a session of ten segments, and in one of a thousand")
}

func allocations(requests int) float64 {
	client := &silentTape{}
	segments := make([]string, requests)
	return testing.AllocsPerRun(10, func() {
		for i := range segments {
			segments[i] = "^echo$^P7$^Px$"
		}
		client.segments = segments
		_ = Handle(client, odd)
	})
}

// silentTape throws the replies away, so that only the handler allocates, and remembers
// the largest buffer that it was asked to fill.
type silentTape struct {
	tape
	largest int
}

func (t *silentTape) Read(p []byte) (int, error) {
	t.largest = max(t.largest, len(p))
	return t.tape.Read(p)
}

func (t *silentTape) Write(p []byte) (int, error) { return len(p), nil }
