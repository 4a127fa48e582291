package lab

import (
	"regexp"
	"runtime"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/internal/testserver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// beginFor starts a session for an experiment, and somebody looks at it.
func beginFor(t *testing.T, l *Lab, id string, numbers ...int) *reader {
	_, err := l.Start(Choice{Chapters: numbers, For: id})
	require.NoError(t, err)
	s, _, leave := l.join()
	t.Cleanup(leave)
	return &reader{T: t, session: s}
}

// TestQueued: a server that is started for it has a broker, which dies and comes back, and nothing of it is left
// when the lab is closed. A server without one has none to lose.
func TestQueued(t *testing.T) {
	l := open(t, "chapter01-right", "chapter09-right")
	testserver.Beyond(t, "chapter09-right", ".", "broker", "checker")
	r := beginFor(t, l, "9.7", 1, 9)
	r.running()
	r.running()
	one, nine := r.session.servers[0], r.session.servers[1]
	assert.Nil(t, one.broker())
	require.NotNil(t, nine.broker())
	kill, restart := Request{Do: "kill broker"}, Request{Do: "restart broker"}
	require.NoError(t, one.act(kill))
	require.NoError(t, one.act(restart))
	all := testserver.Addresses(t, runtime.NumCPU()+3)
	listening := func() (n int) {
		for _, addr := range all {
			if testserver.Listens(addr) {
				n++
			}
		}
		return n
	}
	assert.Equal(t, len(all), listening())
	require.NoError(t, nine.act(kill))
	assert.Equal(t, len(all)-1, listening())
	require.NoError(t, nine.act(restart))
	assert.Equal(t, len(all), listening())
	l.Close()
	assert.Zero(t, listening())
}

// TestNotQueued: what a server needs beyond its machine doesn't outlive a build that fails.
func TestNotQueued(t *testing.T) {
	l := open(t, "chapter09-right")
	testserver.Beyond(t, "chapter09-right", "broker", "checker")
	r := beginFor(t, l, "9.7", 9)
	for {
		events, more := r.session.history.since(0)
		if len(events) > 0 {
			assert.Equal(t, Problem, events[0].Kind)
			assert.Contains(t, events[0].Text, "it does not build")
			testserver.AwaitEnd(t, runtime.NumCPU()+1)
			return
		}
		<-more
	}
}

// TestBrokerIsKilled: chapter 9's clients get one answer each although the broker dies between them and the
// checkers. The server divides meanwhile, and an echo waits for none of that.
func TestBrokerIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("divides for many seconds")
	}
	r := beginFor(t, workbook(t), "9.7", 9)
	r.running()
	for !strings.Contains(r.await(Logged).Text, "long checks go to the queue") {
	}
	r.session.do(Request{Do: "play", Text: "9.7"})
	for !strings.Contains(r.await(Logged).Text, "long checks are made here") {
	}
	assert.Equal(t, "4", r.await(Done).Text)
	all, _ := r.session.history.since(0)
	assert.Equal(t, "echo, prime, prime, prime, prime", numbers.ReplaceAllString(order(all), "prime"))
}

var numbers = regexp.MustCompile(`prime \d`)
