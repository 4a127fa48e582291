package main

import (
	"bufio"
	"io"
)

// Handle serves one client: it greets it, reads one request and replies.
func Handle(rw io.ReadWriter, isPrime func(uint64) bool) error {
	if _, err := io.WriteString(rw, Greeting); err != nil {
		return err
	}
	payload, err := ReadRequest(bufio.NewReaderSize(rw, MaxPayload+1)) // the $ too
	switch err {
	case nil:
		_, err = rw.Write(Reply(payload, isPrime))
	case ErrTooLong:
		_, err = io.WriteString(rw, errorReply(err))
	case io.EOF: // the client left without a request
		return nil
	}
	return err
}
