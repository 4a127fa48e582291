package main

import "io"

// The read buffer starts small, because most clients are idle, and doubles while
// the client fills it.
const (
	minBuffer = 512
	maxBuffer = 8192
)

// Cheap is the number below which a check takes less time than a Write.
const Cheap = 1 << 20

// Handle serves one client: it greets it and answers its requests until the client
// shuts down its sending side, or until a check fails. It makes one Write for each Read
// that asks for a reply, so a client that does not read is not read from either. Only
// before a check that takes longer does it send what is ready at once.
func Handle(rw io.ReadWriter, check func(uint64) (bool, error)) error {
	if _, err := io.WriteString(rw, Greeting); err != nil {
		return err
	}
	s := session{rw: rw, check: check}
	in := make([]byte, minBuffer)
	for {
		n, err := rw.Read(in)
		if err := s.answer(in[:n]); err != nil {
			return err
		}
		if err := s.flush(); err != nil {
			return err
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

// session is the conversation with one client.
type session struct {
	rw     io.ReadWriter
	check  func(uint64) (bool, error)
	parser Parser
	out    []byte // replies that are ready
}

// answer adds the replies to the input to those that are ready.
func (s *session) answer(in []byte) error {
	for len(in) > 0 {
		var event Event
		event, in = s.parser.Next(in)
		switch event.Kind {
		case Echo:
			s.out = appendEcho(s.out, event.Data)
		case Check:
			if err := s.verdict(event.N); err != nil {
				return err
			}
		case Invalid:
			s.out = append(s.out, "error: "...)
			s.out = append(s.out, event.Reason.String()...)
			s.out = append(s.out, '\n')
		}
	}
	return nil
}

// verdict checks a number. What is ready does not wait for a check that takes longer
// than sending it.
func (s *session) verdict(n uint64) error {
	if n >= Cheap {
		if err := s.flush(); err != nil {
			return err
		}
	}
	isPrime, err := s.check(n)
	if err == nil {
		s.out = appendVerdict(s.out, isPrime)
	}
	return err
}

// flush sends the replies that are ready.
func (s *session) flush() error {
	if len(s.out) == 0 {
		return nil
	}
	_, err := s.rw.Write(s.out)
	s.out = s.out[:0]
	return err
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
