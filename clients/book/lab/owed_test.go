package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOwed: after which bytes of the server nothing is owed any more, for each way to cut.
func TestOwed(t *testing.T) {
	for _, c := range []struct{ sent, received string }{
		{"^abc$", "bcd"},
		{"^ab", "bc"},
		{"^P7$", "prime\n"},
		{"^P7", ""},
		{"^^$", "_"},
		{"^aP$", "bQ"},
		{"^Px$^P$", "error: a\nerror: b\n"},
		{"x$^$y", ""},
		{"^\x09$^P7$^a$", "\nprime\nb"},
		{"^a$^" + strings.Repeat("b", 1000) + "$", "b" + strings.Repeat("c", 1000)},
	} {
		for cut := range len(c.received) + 1 {
			var o owed
			o.sent([]byte(c.sent[:len(c.sent)/2]))
			o.sent([]byte(c.sent[len(c.sent)/2:]))
			assert.Equal(t, c.received == "", o.nothing(), c.sent)
			o.receive(t, c.received[:cut])
			assert.Equal(t, cut == len(c.received), o.nothing(), "%q, of the replies %q", c.sent, c.received[:cut])
			o.receive(t, c.received[cut:])
			assert.True(t, o.nothing(), "%q cut after %d", c.sent, cut)
		}
	}
}

// receive receives byte by byte.
func (o *owed) receive(_ *testing.T, data string) {
	for i := range len(data) {
		o.received([]byte{data[i]})
	}
}

func TestOutcomes(t *testing.T) {
	events := []Event{
		{Client: 1, Kind: Opened, Text: "LongPrime"}, {Client: 1, Kind: Greeted}, {Client: 2, Kind: Opened, Text: "Echo"},
		{At: 1000, Client: 2, Kind: Sent, Text: oneFrame}, {Client: 2, Kind: Answered}, {At: 1900, Client: 2, Kind: Answered, Bytes: 4},
		{Client: 2, Kind: Greeted}, {Client: 1, Kind: Answered, Bytes: 6},
	}
	assert.Equal(t, "Echo, LongPrime", order(events))
	assert.Equal(t, "2", count(Greeted)(events))
	assert.Equal(t, "2", count(Answered)(events))
	assert.Equal(t, "1", count(Answered)(events[:6]))
	assert.Equal(t, "1 ms", longestEcho(events))
	assert.Equal(t, "it has no reply", longestEcho(events[:5]))
}

func TestExperiments(t *testing.T) {
	for chapter := 1; chapter <= 9; chapter++ {
		list := Experiments(chapter)
		assert.GreaterOrEqual(t, len(list), 2)
		for _, e := range list {
			found, err := find(e.ID)
			assert.NoError(t, err)
			assert.Equal(t, e.Title, found.Title)
			for _, step := range e.steps {
				assert.True(t, step.Do == "" || action(step.Do) != nil || spoken[step.Do] != nil, e.ID)
			}
		}
	}
	for _, id := range []string{"", "1", "1.0", "1.9", "10.1", "x.y", "-1.-1"} {
		_, err := find(id)
		assert.Error(t, err, id)
	}
}

// TestNotices: what a page asks the reader to notice is said in the READMEs, in these words.
func TestNotices(t *testing.T) {
	list, _, err := chapters.Find()
	require.NoError(t, err)
	plain := strings.NewReplacer("*", "", "`", "")
	said := ""
	files := []string{filepath.Join(list[8].Dir, "beyond", "README.md")}
	for _, c := range list {
		files = append(files, filepath.Join(c.Dir, "README.md"))
	}
	for _, file := range files {
		readme, err := os.ReadFile(file)
		require.NoError(t, err)
		said += strings.Join(strings.Fields(plain.Replace(string(readme))), " ") + "\n"
	}
	for _, e := range experiments {
		assert.NotEmpty(t, e.Notice)
		assert.NotEmpty(t, e.Watch)
		assert.False(t, strings.HasSuffix(e.Question, "are answered?") || strings.HasSuffix(e.Question, "are greeted?"), "within how long? %s", e.Question)
		assert.True(t, strings.Contains(said, e.Notice), "not in the READMEs: %s", e.Notice)
	}
}
