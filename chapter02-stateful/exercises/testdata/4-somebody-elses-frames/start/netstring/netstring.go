// Package netstring reads messages that say beforehand how long they are, as D. J. Bernstein's netstrings
// do: 5:hello, is hello, and 0:, says nothing.
package netstring

import "errors"

// MaxLength is how long a message may be.
const MaxLength = 1 << 16

// What can be wrong with a netstring.
var (
	ErrLength  = errors.New("a length is digits and a colon")
	ErrTooLong = errors.New("the message is too long")
	ErrComma   = errors.New("no comma after the message")
)

// A Reader finds the messages in a stream that comes in pieces. The zero value is ready to use.
type Reader struct{}

// Next returns the first message in the input, and the rest of the input after it. If the input ends
// before a message does, found is false, and the next input goes on where this one ended. The message is valid
// until the next call. After an error the stream is good for nothing.
func (r *Reader) Next(in []byte) (message []byte, found bool, rest []byte, err error) {
	return nil, false, nil, nil
}
