package main

import (
	"bufio"
	"io"
)

// Handle serves one client: it greets it, reads one request and replies. If the check
// fails, there is no reply.
func Handle(rw io.ReadWriter, check func(uint64) (bool, error)) error {
	if _, err := io.WriteString(rw, Greeting); err != nil {
		return err
	}
	payload, err := ReadRequest(bufio.NewReaderSize(rw, MaxPayload+1)) // the $ too
	var reply []byte
	switch err {
	case nil:
		reply, err = Reply(payload, check)
	case ErrTooLong:
		reply, err = []byte(errorReply(err)), nil
	case io.EOF: // the client left without a request
		return nil
	}
	if err != nil {
		return err
	}
	_, err = rw.Write(reply)
	return err
}
