// Package relay connects two connections, as a proxy does.
package relay

import "io"

// A Conn is a connection whose sending side can be closed alone, such as a *net.TCPConn.
type Conn interface {
	io.ReadWriteCloser
	CloseWrite() error
}

// Relay passes on what comes from each of two connections to the other, until both have said all they
// have to say. The end of one side's input is passed on too, and ends nothing else. If a write fails, nobody can
// be told any more, and both connections are closed. When Relay returns, both are closed, and nothing that it
// has started is left.
func Relay(a, b Conn) {
	defer a.Close()
	defer b.Close()
	io.Copy(b, a)
	b.CloseWrite()
	io.Copy(a, b)
}
