package cases

import (
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A wrongServer is a server with one bug. Its checks take no CPU time: those of large numbers
// sleep.
type wrongServer struct {
	bugs       []string
	ln         net.Listener
	clients    chan struct{} // has room for those that are served at a time
	working    chan struct{} // has room for the one that works, if that is the bug; fair
	writing    sync.Mutex    // held during a write, likewise
	mu         sync.Mutex
	kept       []any                   // connections, which stay open, and memory
	shared     [32 << 10]byte          // what was read last
	said       atomic.Value            // the last verdict
	live       int                     // how many are served
	newest     atomic.Pointer[session] // the client that came last
	unfinished session                 // what the last client left behind
}

const (
	largeNumber = 1 << 50
	checkTime   = 200 * time.Millisecond
)

// startWrong starts a server that serves that many clients at a time. It may have two bugs, with a comma
// between them.
func startWrong(t *testing.T, bug string, atOnce int) string {
	s, err := newWrongServer(bug, atOnce)
	require.NoError(t, err)
	t.Cleanup(func() { s.ln.Close() })
	go s.accept()
	return s.ln.Addr().String()
}

func newWrongServer(bug string, atOnce int) (*wrongServer, error) {
	switch bug {
	case "serves 128 at most":
		atOnce = 128
	case "gets no place back":
		atOnce = 400
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	return &wrongServer{bugs: strings.Split(bug, ", "), ln: ln, clients: make(chan struct{}, atOnce), working: make(chan struct{}, 1)}, err
}

// is reports whether the server has a bug.
func (s *wrongServer) is(bug string) bool { return slices.Contains(s.bugs, bug) }

func (s *wrongServer) accept() {
	for {
		s.clients <- struct{}{}
		conn, err := s.ln.Accept()
		switch {
		case errors.Is(err, syscall.EMFILE) && !s.is("dies without descriptors"):
			<-s.clients
			if !s.is("spins without descriptors") {
				time.Sleep(10 * time.Millisecond)
			}
			continue
		case err != nil:
			return
		}
		v := &session{wrongServer: s, conn: conn.(*net.TCPConn)}
		v.place = s.arrive(v)
		if v.place == 99 && s.is("forgets one client in a hundred") {
			s.keep(conn)
			continue
		}
		if v.place == 250 && s.is("dies at descriptor 250") {
			s.ln.Close()
		}
		go func() {
			v.serve()
			s.depart(v)
			if !s.is("gets no place back") {
				<-s.clients
			}
		}()
	}
}

// keep keeps what the server should let go.
func (s *wrongServer) keep(thing any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, thing)
}

// arrive prepares a session, and returns how many there are.
func (s *wrongServer) arrive(v *session) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest.Store(v)
	if s.is("goes on with the last client's frame") {
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
