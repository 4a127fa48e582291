package main

import (
	"bufio"
	"errors"
	"strconv"
)

// Greeting is what the server sends when it starts to serve a client.
const Greeting = "*"

// MaxPayload is the longest payload that the server takes, in bytes.
const MaxPayload = 4096

// The reasons for which a request can't be answered.
var (
	ErrNoDigits  = errors.New("no digits")
	ErrNotNumber = errors.New("not a number")
	ErrTooLarge  = errors.New("number too large")
	ErrTooLong   = errors.New("request too long")
)

// ReadRequest returns the payload of the next request. It returns ErrTooLong if the
// payload does not fit into r's buffer, and io.EOF if the client leaves before the
// request is whole.
func ReadRequest(r *bufio.Reader) ([]byte, error) {
	for {
		_, err := r.ReadSlice('^')
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull { // a full buffer is noise to be ignored
			return nil, err
		}
	}
	frame, err := r.ReadSlice('$')
	if err == bufio.ErrBufferFull {
		return nil, ErrTooLong
	}
	if err != nil {
		return nil, err
	}
	return frame[:len(frame)-1], nil
}

// Reply returns the reply to a request, or check's error.
func Reply(payload []byte, check func(uint64) (bool, error)) ([]byte, error) {
	if len(payload) > 0 && payload[0] == 'P' {
		reply, err := primeReply(string(payload[1:]), check)
		return []byte(reply), err
	}
	for i := range payload {
		payload[i]++
	}
	return payload, nil
}

func primeReply(digits string, check func(uint64) (bool, error)) (string, error) {
	n, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case digits == "":
		return errorReply(ErrNoDigits), nil
	case errors.Is(err, strconv.ErrRange):
		return errorReply(ErrTooLarge), nil
	case err != nil:
		return errorReply(ErrNotNumber), nil
	}
	isPrime, err := check(n)
	if isPrime {
		return "prime\n", err
	}
	return "composite\n", err
}

func errorReply(err error) string {
	return "error: " + err.Error() + "\n"
}
