//go:build unix

package server

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// watch calls cancel if the connection breaks before stop is called. A client that has
// only shut down its sending side is still there.
//
// The runtime's poller is edge-triggered: RawConn.Read calls broken once, and again only
// when something happens to the socket. So a client that waits costs no CPU time, and
// what it sends meanwhile is left alone.
func (c *conn) watch(cancel func()) (stop func()) {
	socket, ok := c.Conn.(syscall.Conn)
	if !ok {
		return func() {}
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		cancel()
		return func() {}
	}
	w := &watcher{conn: c, raw: raw, done: make(chan struct{})}
	go w.run(cancel)
	return w.stop
}

// A watcher waits for the end of a connection.
type watcher struct {
	*conn
	raw  syscall.RawConn
	over bool // guarded by the connection's mu
	done chan struct{}
}

func (w *watcher) run(cancel func()) {
	defer close(w.done)
	for w.goesOn() {
		err := w.raw.Read(broken)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			cancel()
			return
		}
	}
}

// goesOn reports whether the watch goes on. No deadline ends it, neither the one for
// idle clients nor that of a server that stops.
func (w *watcher) goesOn() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.SetReadDeadline(time.Time{})
	}
	return !w.over
}

// stop sends the watcher home and gives the connection its deadline back.
func (w *watcher) stop() {
	w.mu.Lock()
	w.over = true
	w.SetReadDeadline(time.Now())
	w.mu.Unlock()
	<-w.done
	w.extend(time.Now())
}
