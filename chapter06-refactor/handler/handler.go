// Package handler is the server's side of the conversation with one client. It turns
// bytes into bytes, and knows neither sockets nor who calls it.
package handler

import "example.com/concurrent-network-server/chapter06-refactor/protocol"

// Cheap is the number below which a check takes less time than a write.
const Cheap = 1 << 20

// A Session is the conversation with one client.
type Session struct {
	Check  func(uint64) (bool, error)
	parser protocol.Parser
	number uint64 // what to check in the next turn, or 0
	rest   []byte // the input after the number
}

// Open appends to out what the server says first.
func (s *Session) Open(out []byte) []byte {
	return append(out, protocol.Greeting...)
}

// Busy reports whether the server has more to say without further input.
func (s *Session) Busy() bool { return s.number > 0 }

// Receive appends to out what the server has to say to the input, up to a check that
// takes longer than a write. That check and the input after it are left for the client's
// next turn, which calls Receive without input. An error is one of Check's.
func (s *Session) Receive(out, in []byte) ([]byte, error) {
	var err error
	if s.number > 0 {
		out, err = s.appendVerdict(out, s.number)
		in, s.number, s.rest = s.rest, 0, nil
	}
	for len(in) > 0 && err == nil {
		var event protocol.Event
		event, in = s.parser.Next(in)
		switch {
		case event.Kind == protocol.Echo:
			out = appendEcho(out, event.Data)
		case event.Kind == protocol.Check && event.N >= Cheap:
			s.number, s.rest = event.N, append([]byte(nil), in...)
			return out, nil
		case event.Kind == protocol.Check:
			out, err = s.appendVerdict(out, event.N)
		case event.Kind == protocol.Invalid:
			out = append(out, "error: "...)
			out = append(out, event.Reason.String()...)
			out = append(out, '\n')
		}
	}
	return out, err
}

func appendEcho(out, data []byte) []byte {
	for _, c := range data {
		out = append(out, c+1)
	}
	return out
}

func (s *Session) appendVerdict(out []byte, n uint64) ([]byte, error) {
	isPrime, err := s.Check(n)
	switch {
	case err != nil:
		return out, err
	case isPrime:
		return append(out, "prime\n"...), nil
	}
	return append(out, "composite\n"...), nil
}
