package queue

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A proxy is between the broker and those who think that it is the broker. It can freeze: then
// it holds back what the broker says, and the connections stay.
type proxy struct {
	url    string
	mu     sync.Mutex
	frozen bool
	thaw   *sync.Cond
	conns  []net.Conn
}

func newProxy(t *testing.T, broker string) *proxy {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{url: "nats://" + ln.Addr().String()}
	p.thaw = sync.NewCond(&p.mu)
	t.Cleanup(func() { ln.Close(); p.freeze(false) })
	go func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", broker)
			if err != nil {
				near.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, near)
			p.mu.Unlock()
			go p.pass(near, far)
			go p.pass(far, near)
		}
	}()
	return p
}

func (p *proxy) pass(from, to net.Conn) {
	defer to.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		for p.frozen {
			p.thaw.Wait()
		}
		p.mu.Unlock()
		if _, e := to.Write(buf[:n]); err != nil || e != nil {
			return
		}
	}
}

func (p *proxy) freeze(frozen bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = frozen
	p.thaw.Broadcast()
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		conn.Close()
	}
	p.conns = nil
}

// stranger accepts connections at an address, and does with each what it is told. It returns
// the URL, and where the connections are that have been accepted.
func stranger(t *testing.T, serve func(net.Conn)) (url string, accepted <-chan net.Conn) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	conns := make(chan net.Conn, 1000)
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			serve(conn)
			conns <- conn
		}
	}()
	return "nats://" + ln.Addr().String(), conns
}

const greeting = `INFO {"server_id":"x","version":"2.15.2","proto":1,"host":"127.0.0.1","headers":true,"max_payload":1048576,"auth_required":true}` + "\r\n"

// refuse refuses a login, and doesn't hang up.
func refuse(conn net.Conn) {
	io.WriteString(conn, greeting)
	go func() {
		conn.Read(make([]byte, 4096))
		io.WriteString(conn, "-ERR 'Authorization Violation'\r\n")
	}()
}
