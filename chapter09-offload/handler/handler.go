// Package handler is the server's side of the conversation with one client.
package handler

import (
	"io"

	"example.com/concurrent-network-server/chapter09-offload/protocol"
)

// The read buffer starts small, because most clients are idle, and doubles while
// the client fills it.
const (
	minBuffer = 512
	maxBuffer = 8192
)

// Handle serves one client: it greets it and answers its requests until the client
// shuts down its sending side. It makes one Write for each Read that asks for a
// reply, so a client that does not read is not read from either.
func Handle(rw io.ReadWriter, isPrime func(uint64) bool) error {
	if _, err := io.WriteString(rw, protocol.Greeting); err != nil {
		return err
	}
	var (
		parser protocol.Parser
		in     = make([]byte, minBuffer)
		out    []byte
	)
	for {
		n, err := rw.Read(in)
		out = appendReplies(out[:0], &parser, in[:n], isPrime)
		if len(out) > 0 {
			if _, err := rw.Write(out); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n == len(in) && n < maxBuffer {
			in = make([]byte, 2*n)
		}
	}
}

// appendReplies appends to out what the server has to say to the input.
func appendReplies(out []byte, parser *protocol.Parser, in []byte, isPrime func(uint64) bool) []byte {
	for len(in) > 0 {
		var event protocol.Event
		event, in = parser.Next(in)
		switch event.Kind {
		case protocol.Echo:
			out = appendEcho(out, event.Data)
		case protocol.Check:
			out = appendVerdict(out, isPrime(event.N))
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
