//go:build unix

package main

// Cheap is the number below which a check takes less time than a write.
const Cheap = 1 << 20

// answer appends to out what the server has to say to the input, up to a check that
// takes longer than a write. That check and the input after it are left for the client's
// next turn, which calls answer without input.
func (c *conn) answer(out, in []byte, check func(uint64) (bool, error)) ([]byte, error) {
	var err error
	if c.number > 0 {
		out, err = appendVerdict(out, c.number, check)
		in, c.number, c.rest = c.rest, 0, nil
	}
	for len(in) > 0 && err == nil {
		var event Event
		event, in = c.parser.Next(in)
		switch {
		case event.Kind == Echo:
			out = appendEcho(out, event.Data)
		case event.Kind == Check && event.N >= Cheap:
			c.number, c.rest = event.N, append([]byte(nil), in...)
			return out, nil
		case event.Kind == Check:
			out, err = appendVerdict(out, event.N, check)
		case event.Kind == Invalid:
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

func appendVerdict(out []byte, n uint64, check func(uint64) (bool, error)) ([]byte, error) {
	isPrime, err := check(n)
	switch {
	case err != nil:
		return out, err
	case isPrime:
		return append(out, "prime\n"...), nil
	}
	return append(out, "composite\n"...), nil
}
