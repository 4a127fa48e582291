package main

// appendReplies appends to out what the server has to say to the input.
func appendReplies(out []byte, parser *Parser, in []byte, isPrime func(uint64) bool) []byte {
	for len(in) > 0 {
		var event Event
		event, in = parser.Next(in)
		switch event.Kind {
		case Echo:
			out = appendEcho(out, event.Data)
		case Check:
			out = appendVerdict(out, isPrime(event.N))
		case Invalid:
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
