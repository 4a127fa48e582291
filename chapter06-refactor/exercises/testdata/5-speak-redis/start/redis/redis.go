// Package redis is the server's side of the conversation with one Redis client. It turns bytes into
// bytes, as package handler does, and does no I/O.
package redis

// MaxRequest is how many bytes the arguments of one request may have together. Who announces more is
// refused, before it has sent them.
const MaxRequest = 1 << 20

// MaxArgs is how many arguments a request may have, with the command's name.
const MaxArgs = 1024

// A Store is what the clients of one server share: values by their keys.
type Store map[string]string

// A Session is the conversation with one client. It has the methods of a handler.Session.
type Session struct {
	Store Store
}

// Open appends to out what the server says first.
func (s *Session) Open(out []byte) []byte {
	return out
}

// Busy reports whether the server has more to say without further input.
func (s *Session) Busy() bool { return false }

// Receive appends to out the replies to the input, however that is cut, and keeps none of it: the
// caller reads the next client's into the same buffer. When a lot of replies is ready it leaves the rest for the
// client's next turn, which calls Receive without input. After an error it has said what is wrong,
// and is not called any more.
func (s *Session) Receive(out, in []byte) ([]byte, error) {
	return out, nil
}
