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

// TestQueued: a server that is started for it has a broker, which dies and comes back, and nothing of it is left
// when the lab is closed. A server without one has none to lose.
func TestQueued(t *testing.T) {
	l := open(t, "chapter01-right", "chapter09-right")
	testserver.Beyond(t, "chapter09-right", ".", "broker", "checker")
	r := beginAs(t, l, Choice{Chapters: []int{1, 9}, For: "9.7"})
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
	r := start(t, l, Choice{Chapters: []int{9}, For: "9.7"})
	assert.Contains(t, r.await(Problem).Text, "it does not build")
	testserver.AwaitEnd(t, runtime.NumCPU()+1)
}

// TestBrokerIsKilled: chapter 9's clients get one answer each although the broker dies between them and the
// checkers. The server divides meanwhile, and an echo waits for none of that.
func TestBrokerIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("divides for many seconds")
	}
	r := beginAs(t, workbook(t), Choice{Chapters: []int{9}, For: "9.7"})
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
