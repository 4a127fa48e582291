// Package handler is the server's side of the conversation with one client. It turns
// bytes into bytes, and knows neither sockets nor who calls it.
package handler

import "example.com/concurrent-network-server/chapter06-refactor/protocol"

// A Session is the conversation with one client.
type Session struct {
	IsPrime func(uint64) bool
	parser  protocol.Parser
}

// Open appends to out what the server says first.
func (s *Session) Open(out []byte) []byte {
	return append(out, protocol.Greeting...)
}

// Receive appends to out what the server has to say to the input.
func (s *Session) Receive(out, in []byte) []byte {
	for len(in) > 0 {
		var event protocol.Event
		event, in = s.parser.Next(in)
		switch event.Kind {
		case protocol.Echo:
			out = appendEcho(out, event.Data)
		case protocol.Check:
			out = appendVerdict(out, s.IsPrime(event.N))
		case protocol.Invalid:
			out = append(out, "error: "...)
			out = append(out, event.Reason.String()...)
			out = append(out, '\n')
		}
	}
	return out
}

func appendEcho(out, data []byte) []byte {
	for _, c := range data {
		out = append(out, c+1)
	}
	return out
}

func appendVerdict(out []byte, prime bool) []byte {
	if prime {
		return append(out, "prime\n"...)
	}
	return append(out, "composite\n"...)
}
