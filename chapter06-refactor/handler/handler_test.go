package handler

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func even(n uint64) bool { return n%2 == 0 }

// TestReceive holds a whole conversation without a socket.
func TestReceive(t *testing.T) {
	session := Session{IsPrime: even}
	assert.Equal(t, "*", string(session.Open(nil)))
	assert.Equal(t, "b", string(session.Receive(nil, []byte("^a"))))
	assert.Equal(t, "c", string(session.Receive(nil, []byte("b$noise^P"))))
	assert.Empty(t, session.Receive(nil, []byte("1")))
	assert.Equal(t, "prime\nerror: not a number\nd", string(session.Receive(nil, []byte("0$^Px$^c$"))))
	assert.Equal(t, "composite\n", string(session.Receive(nil, []byte("^P7$"))))
}

func TestNoAllocation(t *testing.T) {
	session := Session{IsPrime: even}
	in, out := []byte("^echo$^P7$^Px$"), make([]byte, 0, 100)
	assert.Zero(t, testing.AllocsPerRun(100, func() { session.Receive(out, in) }))
}
