package login

import (
	"bufio"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func right(user, pass string) bool { return user == "gopher" && pass == "burrow" }

const asked = "user?\npass?\n"

// The conversations: what the client says, what the server says, who is let in, and whether it's over.
var cases = []struct {
	name, client, server, user string
	over                       bool
}{
	{"the right password", "gopher\nburrow\n", asked + "welcome gopher\n", "gopher", true},
	{"wrong once", "gopher\nhole\ngopher\nburrow\n", asked + "wrong\n" + asked + "welcome gopher\n", "gopher", true},
	{"wrong twice", "a\nb\nc\nd\ngopher\nburrow\n", asked + "wrong\n" + asked + "wrong\n" + asked + "welcome gopher\n", "gopher", true},
	{"wrong three times", "a\nb\nc\nd\ne\nf\n", asked + "wrong\n" + asked + "wrong\n" + asked + "goodbye\n", "", true},
	{"the password of the try before", "gopher\nx\nx\nburrow\ny\nz\n", asked + "wrong\n" + asked + "wrong\n" + asked + "goodbye\n", "", true},
	{"empty lines", "\n\n", asked + "wrong\nuser?\n", "", false},
	{"nothing", "", "user?\n", "", false},
	{"half a name", "goph", "user?\n", "", false},
	{"a name alone", "gopher\n", asked, "", false},
	{"the longest line", strings.Repeat("a", maxLine) + "\n", asked, "", false},
	{"a line that is too long", strings.Repeat("a", maxLine+1) + "\n", "user?\ntoo long\n", "", true},
	{"a line that is much too long", "gopher\n" + strings.Repeat("a", 100*maxLine) + "\n", asked + "too long\n", "", true},
}

// client is a client that says its pieces, and remembers what it hears.
type client struct {
	pieces []string
	heard  strings.Builder
}

func (c *client) Read(p []byte) (int, error) {
	if len(c.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.pieces[0])
	if c.pieces[0] = c.pieces[0][n:]; c.pieces[0] == "" {
		c.pieces = c.pieces[1:]
	}
	return n, nil
}

func (c *client) Write(p []byte) (int, error) { return c.heard.Write(p) }

// cuts returns ways to cut a text: not at all, into bytes, and in two.
func cuts(text string) [][]string {
	all := [][]string{{text}, strings.Split(text, "")}
	for i := 1; i < min(len(text), 200); i++ {
		all = append(all, []string{text[:i], text[i:]})
	}
	return all
}

// TestLogin proves that the conversation that waits is the one in the comment.
func TestLogin(t *testing.T) {
	for _, test := range cases {
		for _, pieces := range cuts(test.client) {
			c := &client{pieces: pieces}
			user, err := Login(c, right)
			assert.Equal(t, test.server, c.heard.String(), "%s: the client says %.100q, and the server says something else", test.name, pieces)
			assert.Equal(t, test.user, user, "%s: who is let in", test.name)
			if !test.over {
				assert.ErrorIs(t, err, io.EOF, "%s: the client has left in the middle, and the caller is not told", test.name)
			} else if !strings.Contains(test.name, "too long") {
				assert.NoError(t, err, "%s: the conversation has come to its end, and the caller gets an error", test.name)
			} else {
				assert.ErrorIs(t, err, bufio.ErrBufferFull, "%s: the caller should know why it is over", test.name)
			}
		}
	}
}

// told tells a machine some pieces, and returns what it says. The input is overwritten, as a read buffer would be.
func told(m *Machine, pieces []string) string {
	out := m.Open(nil)
	for _, piece := range pieces {
		in := []byte(piece)
		out, _ = m.Receive(out, in)
		copy(in, strings.Repeat("#", len(in)))
	}
	return string(out)
}

// TestMachine proves that the machine holds the same conversation, however the input is cut.
func TestMachine(t *testing.T) {
	for _, test := range cases {
		for _, pieces := range cuts(test.client) {
			m := &Machine{Right: right}
			assert.Equal(t, test.server, told(m, pieces), "%s: the machine is told %.100q, and says something else", test.name, pieces)
			user, over := m.Over()
			assert.Equal(t, test.user, user, "%s: who is let in", test.name)
			assert.Equal(t, test.over, over, "%s: whether the conversation is over", test.name)
		}
	}
}

// TestRest proves that the machine leaves alone what comes after the login: that is for whoever serves the client then.
func TestRest(t *testing.T) {
	m := &Machine{Right: right}
	out, rest := m.Receive(nil, []byte("gopher\nburrow\n^P7$"))
	assert.Equal(t, "pass?\nwelcome gopher\n", string(out), "the client sends more after its password, and the server says something else")
	assert.Equal(t, "^P7$", string(rest), "the client has sent its first request together with its password, and that is lost")
	out, rest = m.Receive(nil, []byte("^P8$"))
	assert.Equal(t, "^P8$", string(out)+string(rest), "the conversation is over, and the machine still takes what comes")
}

// TestMemory proves that a line without an end is not collected.
func TestMemory(t *testing.T) {
	in := []byte(strings.Repeat("a", 16<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := &Machine{Right: right}
	m.Receive(nil, in)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "bytes of memory for a line of 16 MiB: every client may cost that much")
}
