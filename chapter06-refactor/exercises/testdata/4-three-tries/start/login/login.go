// Package login lets somebody in who knows a name and its password. It is written twice: once as a
// conversation that waits, once as a machine that is told what comes.
package login

import "io"

// The conversation, in lines that end with \n:
//
//	server     user?
//	client     gopher
//	server     pass?
//	client     burrow
//	server     welcome gopher, or wrong, and from the beginning
//
// After the third wrong password the server says goodbye in place of wrong, and that's the end.
const tries = 3

// maxLine is how long a line may be, without its end. To one that is longer the server says too long, and that's
// the end too.
const maxLine = 64

// Login holds the conversation, and returns the name of who has been let in, or "". It returns an error of rw, such
// as io.EOF if the client leaves in the middle.
func Login(rw io.ReadWriter, right func(user, pass string) bool) (string, error) {
	_, err := io.WriteString(rw, "user?\n")
	return "", err
}

// A Machine holds the same conversation without reading or writing.
type Machine struct {
	// Right reports whether the password is the user's.
	Right func(user, pass string) bool
}

// Open appends what the server says first.
func (m *Machine) Open(out []byte) []byte {
	return append(out, "user?\n"...)
}

// Receive appends to out what the server has to say to the input, however that is cut. When the conversation is over,
// it leaves the rest of the input alone and returns it.
func (m *Machine) Receive(out, in []byte) (_, rest []byte) {
	return out, nil
}

// Over reports whether the conversation is over, and who has been let in.
func (m *Machine) Over() (user string, over bool) {
	return "", false
}
