package cases

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A wrongServer is a server with one bug. Its checks take no CPU time: those of large numbers
// sleep.
type wrongServer struct {
	bug        string
	ln         net.Listener
	clients    chan struct{} // has room for those that are served at a time
	working    chan struct{} // has room for the one that works, if that is the bug; fair
	writing    sync.Mutex    // held during a write, likewise
	mu         sync.Mutex
	forgotten  []net.Conn
	live       int      // how many are served
	newest     *session // the client that came last
	unfinished session  // what the last client left behind
}

const (
	largeNumber = 1 << 50
	checkTime   = 100 * time.Millisecond
)

// startWrong starts a server that serves so many at a time.
func startWrong(t *testing.T, bug string, atOnce int) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &wrongServer{bug: bug, ln: ln, clients: make(chan struct{}, atOnce), working: make(chan struct{}, 1)}
	t.Cleanup(func() { ln.Close() })
	go s.accept()
	return ln.Addr().String()
}

func (s *wrongServer) accept() {
	for {
		s.clients <- struct{}{}
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		v := &session{wrongServer: s, conn: conn.(*net.TCPConn)}
		if s.arrive(v) == 99 && s.bug == "forgets one client in a hundred" {
			s.forgotten = append(s.forgotten, conn) // it stays open
			continue
		}
		go func() {
			v.serve()
			s.depart(v)
			<-s.clients
		}()
	}
}

// arrive prepares a session, and returns how many there are.
func (s *wrongServer) arrive(v *session) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = v
	if s.bug == "goes on with the last client's frame" {
		v.state, v.digits, v.some = s.unfinished.state, s.unfinished.digits, s.unfinished.some
	}
	s.live++
	return s.live
}

func (s *wrongServer) depart(v *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live--
	s.unfinished = session{state: v.state, digits: v.digits, some: v.some}
}
